package io.github.cacheinvalidation.sample.products;

/** No product has the requested id. */
class UnknownProductException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnknownProductException(long id) {
    super("There is no product " + id + ".");
  }
}

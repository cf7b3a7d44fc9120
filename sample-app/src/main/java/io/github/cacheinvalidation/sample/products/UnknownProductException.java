package io.github.cacheinvalidation.sample.products;

/** There is no product with that id. */
class UnknownProductException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnknownProductException(long id) {
    super("There is no product " + id + ".");
  }
}

package io.github.cacheinvalidation.sample.products;

/**
 * The source of the answer to one request: {@code cache}, or {@code database} once {@link
 * #readDatabase} was called. The controller creates one instance for each request and passes it to
 * the cached method. The body of that method runs only if the cache has no value. The instance is
 * not part of the cache key or the value.
 */
final class Source {

  private boolean database;

  void readDatabase() {
    database = true;
  }

  @Override
  public String toString() {
    return database ? "database" : "cache";
  }
}

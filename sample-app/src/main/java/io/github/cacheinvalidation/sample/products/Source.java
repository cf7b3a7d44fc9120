package io.github.cacheinvalidation.sample.products;

/**
 * Where the answer to one request came from. It says {@code cache} until somebody reports having
 * read the database. The controller makes one for each request and hands it to the cached method,
 * whose body runs only when the cache has no answer; it is no part of the cache's key or value.
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

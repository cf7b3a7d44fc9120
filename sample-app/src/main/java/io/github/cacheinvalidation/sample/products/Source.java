package io.github.cacheinvalidation.sample.products;

import java.util.concurrent.TimeUnit;

/**
 * The source of the answer to one request: {@code cache}, or {@code database} once {@link
 * #readDatabase} was called. The controller creates one instance for each request and passes it to
 * the cached method. The body of that method runs only if the cache has no value. The instance is
 * not part of the cache key or the value.
 */
final class Source {

  private static final int LONGEST_PAUSE_MILLIS = 5000;

  private final int pauseMillis;
  private boolean database;

  Source() {
    this(0);
  }

  /**
   * @param pauseMillis how long a load takes in addition; at most five seconds
   */
  Source(int pauseMillis) {
    this.pauseMillis = Math.max(0, Math.min(pauseMillis, LONGEST_PAUSE_MILLIS));
  }

  void readDatabase() {
    database = true;
  }

  /** Waits between the read of the database and the store in the cache, if the request says so. */
  void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(pauseMillis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return database ? "database" : "cache";
  }
}

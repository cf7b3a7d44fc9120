package io.github.cacheinvalidation;

import org.jspecify.annotations.Nullable;

/**
 * The channel has not accepted an invalidation in time, although the application asked to wait for
 * it. The write itself stands, a commit included, and the outbox keeps trying; other nodes may
 * serve the old value until it succeeds.
 */
public final class NotPublishedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public NotPublishedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

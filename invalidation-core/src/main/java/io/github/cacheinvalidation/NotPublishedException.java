package io.github.cacheinvalidation;

import org.jspecify.annotations.Nullable;

/**
 * The channel has not accepted an invalidation, and {@code invalidation.publish.mode} is {@code
 * await}. It is thrown after the timeout, or at once if publishing is failing, the node is stopped,
 * or the waiting thread is interrupted. The write stands, and so does its commit. The outbox keeps
 * trying to publish the invalidation. Until it succeeds, other nodes may serve the old value.
 */
public final class NotPublishedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message the failure, its consequence and the property to look at
   * @param cause the last failure to publish, or the end of the wait; null if neither is known
   */
  public NotPublishedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.channel.RefusedException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs a refused subscription to a further channel once, and once that it is healed. Passes checks,
 * replays and unreadable messages on to the observer of the node. A lost or refused subscription to
 * a further channel is no outage of the node, so the observer is not notified of it.
 */
final class FurtherChannelObserver implements InvalidationObserver {

  private static final Logger log = LoggerFactory.getLogger(InvalidationNode.class);

  private final String channel;

  private final InvalidationObserver target;

  private final AtomicBoolean refused = new AtomicBoolean();

  FurtherChannelObserver(String channel, InvalidationObserver target) {
    this.channel = channel;
    this.target = target;
  }

  @Override
  public void subscriptionLost(Throwable cause) {
    if (!(cause instanceof RefusedException)) {
      log.debug("The further subscription to '{}' is lost; the node retries", channel, cause);
    } else if (!refused.getAndSet(true)) {
      log.warn(
          "{}. The node retries this subscription of invalidation.subscriptions; its own channel"
              + " works on",
          cause.getMessage());
    }
  }

  @Override
  public void subscribed() {
    if (refused.getAndSet(false)) {
      log.info("The further subscription to '{}' is accepted now", channel);
    }
  }

  @Override
  public void checked() {
    target.checked();
  }

  @Override
  public void checkFailed(RuntimeException cause) {
    target.checkFailed(cause);
  }

  @Override
  public void replayed(int messages) {
    target.replayed(messages);
  }

  @Override
  public void unreadable(String kind, String detail) {
    target.unreadable(kind, detail);
  }
}

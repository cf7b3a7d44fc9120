package io.github.cacheinvalidation.internal.status;

import io.github.cacheinvalidation.NodeStatus.Impairment;
import io.github.cacheinvalidation.internal.channel.RefusedException;
import io.github.cacheinvalidation.internal.channel.StillConnectingException;
import io.github.cacheinvalidation.internal.status.StatusFacts.Behind;
import java.util.function.LongSupplier;

/**
 * Receives the reports about one further channel. The node is coherent only if it is coherent with
 * each further channel too. Whether it has joined depends on its own channel alone. A subscription
 * that is lost or refused cuts nothing off: the checks read what is missed from the log.
 */
final class FurtherStatus extends OtherChannelStatus {

  FurtherStatus(String channel, StatusChanges changes, LongSupplier nanoTime) {
    super(channel, changes, nanoTime);
  }

  @Override
  public void started(String name) {
    behind(nanoTime.getAsLong(), "No check was answered yet");
  }

  @Override
  public boolean confirmed(long sentNanos, boolean heard) {
    if (heard) {
      change(facts -> facts.confirmed(channel, sentNanos));
    }
    return false;
  }

  @Override
  public void checked() {
    change(facts -> facts.worked(channel, Impairment.CHECKS));
  }

  @Override
  public void checkFailed(RuntimeException cause) {
    if (!(cause instanceof StillConnectingException)) {
      String reason = String.valueOf(cause.getMessage());
      boolean refused = cause instanceof RefusedException;
      Behind missing = new Behind(nanoTime.getAsLong(), named(StatusTracker.CHECK_FAILED));
      change(
          facts ->
              facts.behind(channel, missing).failed(channel, Impairment.CHECKS, reason, refused));
    }
  }
}

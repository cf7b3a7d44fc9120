package io.github.cacheinvalidation.internal.status;

import io.github.cacheinvalidation.NodeStatus.Impairment;
import io.github.cacheinvalidation.internal.channel.RefusedException;
import io.github.cacheinvalidation.internal.channel.StillConnectingException;
import io.github.cacheinvalidation.internal.status.StatusFacts.Behind;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * Receives the reports about one further channel. The node is coherent only if it is coherent with
 * each further channel too. Whether it has joined depends on its own channel alone. A subscription
 * that is lost or refused cuts nothing off: the checks read what is missed from the log.
 */
final class FurtherStatus implements ChainStatus {

  private final String channel;

  private final StatusChanges changes;

  private final LongSupplier nanoTime;

  FurtherStatus(String channel, StatusChanges changes, LongSupplier nanoTime) {
    this.channel = channel;
    this.changes = changes;
    this.nanoTime = nanoTime;
  }

  @Override
  public void started(String name) {
    behind(nanoTime.getAsLong(), "No check was answered yet");
  }

  @Override
  public void stopped() {
    further(facts -> facts.without(channel));
  }

  @Override
  public void behind(long nanos, String reason) {
    further(facts -> facts.behind(channel, new Behind(nanos, of(reason))));
  }

  @Override
  public void resynced(String server, boolean suspected) {
    if (suspected) {
      changes.make(facts -> facts.suspected(of(StatusFacts.ANOTHER_SERVER_OR_LOG)));
    }
  }

  @Override
  public boolean confirmed(long sentNanos, boolean heard) {
    if (heard) {
      further(facts -> facts.confirmed(channel, sentNanos));
    }
    return false;
  }

  @Override
  public void checked() {
    further(facts -> facts.worked(channel, Impairment.CHECKS));
  }

  @Override
  public void checkFailed(RuntimeException cause) {
    if (!(cause instanceof StillConnectingException)) {
      String reason = String.valueOf(cause.getMessage());
      boolean refused = cause instanceof RefusedException;
      Behind missing = new Behind(nanoTime.getAsLong(), of(StatusTracker.CHECK_FAILED));
      further(
          facts ->
              facts.behind(channel, missing).failed(channel, Impairment.CHECKS, reason, refused));
    }
  }

  private String of(String reason) {
    return "Channel '" + channel + "': " + reason;
  }

  private void further(UnaryOperator<OtherChannelFacts> change) {
    changes.make(facts -> facts.others(change.apply(facts.others())));
  }
}

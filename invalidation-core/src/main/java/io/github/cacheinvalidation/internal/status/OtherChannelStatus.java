package io.github.cacheinvalidation.internal.status;

import io.github.cacheinvalidation.internal.status.StatusFacts.Behind;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/** Receives the reports about one channel beside the node's own. */
abstract class OtherChannelStatus implements ChainStatus {

  final String channel;

  final StatusChanges changes;

  final LongSupplier nanoTime;

  OtherChannelStatus(String channel, StatusChanges changes, LongSupplier nanoTime) {
    this.channel = channel;
    this.changes = changes;
    this.nanoTime = nanoTime;
  }

  @Override
  public final void stopped() {
    change(facts -> facts.without(channel));
  }

  @Override
  public final void behind(long nanos, String reason) {
    change(facts -> facts.behind(channel, new Behind(nanos, named(reason))));
  }

  @Override
  public void resynced(String server, boolean suspected) {
    if (suspected) {
      changes.make(facts -> facts.suspected(named(StatusFacts.ANOTHER_SERVER_OR_LOG)));
    }
  }

  /** Returns the reason with the name of the channel. */
  final String named(String reason) {
    return "Channel '" + channel + "': " + reason;
  }

  /** Changes the facts about the channels beside the own one; returns whether the node joins. */
  final boolean change(UnaryOperator<OtherChannelFacts> change) {
    return changes.make(facts -> facts.others(change.apply(facts.others())));
  }
}

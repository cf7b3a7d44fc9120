package io.github.cacheinvalidation.internal.status;

import io.github.cacheinvalidation.NodeStatus.Impairment;
import io.github.cacheinvalidation.internal.channel.PublicationRefusedException;
import io.github.cacheinvalidation.internal.channel.RefusedException;
import io.github.cacheinvalidation.internal.channel.StillConnectingException;
import io.github.cacheinvalidation.internal.status.StatusFacts.Behind;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * Receives the reports about one cache channel. The node has joined, is coherent and is not cut off
 * only if that is so for each of its cache channels too.
 */
final class CacheChannelStatus implements ChainStatus {

  private final String channel;

  private final StatusChanges changes;

  private final LongSupplier nanoTime;

  CacheChannelStatus(String channel, StatusChanges changes, LongSupplier nanoTime) {
    this.channel = channel;
    this.changes = changes;
    this.nanoTime = nanoTime;
  }

  /** The start of the own channel has reset the facts about this one. */
  @Override
  public void started(String name) {}

  @Override
  public void stopped() {
    other(facts -> facts.without(channel));
  }

  @Override
  public void behind(long nanos, String reason) {
    other(facts -> facts.behind(channel, new Behind(nanos, of(reason))));
  }

  @Override
  public void resynced(String server, boolean suspected) {
    changes.make(facts -> facts.answered(server));
    if (suspected) {
      changes.make(facts -> facts.suspected(of(StatusFacts.ANOTHER_SERVER_OR_LOG)));
    }
  }

  @Override
  public boolean confirmed(long sentNanos, boolean heard) {
    return heard && other(facts -> facts.joined(channel).confirmed(channel, sentNanos));
  }

  @Override
  public void subscribed() {
    other(facts -> facts.worked(channel, Impairment.SUBSCRIPTION));
  }

  @Override
  public void subscriptionLost(Throwable cause) {
    failed(Impairment.SUBSCRIPTION, cause);
  }

  @Override
  public void checked() {
    other(facts -> facts.worked(channel, Impairment.CHECKS));
  }

  @Override
  public void checkFailed(RuntimeException cause) {
    if (!(cause instanceof StillConnectingException)) {
      behind(nanoTime.getAsLong(), StatusTracker.CHECK_FAILED);
      failed(Impairment.CHECKS, cause);
    }
  }

  @Override
  public void published(int keys, int wholeCaches) {
    other(
        facts ->
            facts.worked(channel, Impairment.PUBLICATIONS).worked(channel, Impairment.REFUSALS));
  }

  @Override
  public void publishFailed(RuntimeException cause) {
    if (cause instanceof PublicationRefusedException) {
      failed(Impairment.REFUSALS, cause);
    } else if (!(cause instanceof StillConnectingException)) {
      failed(Impairment.PUBLICATIONS, cause);
    }
  }

  private void failed(Impairment what, Throwable cause) {
    String reason = of(String.valueOf(cause.getMessage()));
    boolean refused = cause instanceof RefusedException;
    other(facts -> facts.failed(channel, what, reason, refused));
  }

  private String of(String reason) {
    return "Channel '" + channel + "': " + reason;
  }

  /** Returns whether the node joins with this change. */
  private boolean other(UnaryOperator<OtherChannelFacts> change) {
    return changes.make(facts -> facts.others(change.apply(facts.others())));
  }
}

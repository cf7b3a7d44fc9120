package io.github.cacheinvalidation.internal.status;

import io.github.cacheinvalidation.NodeStatus.Impairment;
import io.github.cacheinvalidation.internal.channel.PublicationRefusedException;
import io.github.cacheinvalidation.internal.channel.RefusedException;
import io.github.cacheinvalidation.internal.channel.StillConnectingException;
import java.util.function.LongSupplier;

/**
 * Receives the reports about one cache channel. The node has joined, is coherent and is not cut off
 * only if that is so for each of its cache channels too.
 */
final class CacheChannelStatus extends OtherChannelStatus {

  CacheChannelStatus(String channel, StatusChanges changes, LongSupplier nanoTime) {
    super(channel, changes, nanoTime);
  }

  /** The start of the own channel has reset the facts about this one. */
  @Override
  public void started(String name) {}

  @Override
  public void resynced(String server, boolean suspected) {
    changes.make(facts -> facts.answered(server));
    super.resynced(server, suspected);
  }

  @Override
  public boolean confirmed(long sentNanos, boolean heard) {
    return heard && change(facts -> facts.joined(channel).confirmed(channel, sentNanos));
  }

  @Override
  public void subscribed() {
    change(facts -> facts.worked(channel, Impairment.SUBSCRIPTION));
  }

  @Override
  public void subscriptionLost(Throwable cause) {
    failed(Impairment.SUBSCRIPTION, cause);
  }

  @Override
  public void checked() {
    change(facts -> facts.worked(channel, Impairment.CHECKS));
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
    change(
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
    String reason = named(String.valueOf(cause.getMessage()));
    boolean refused = cause instanceof RefusedException;
    change(facts -> facts.failed(channel, what, reason, refused));
  }
}

package io.github.cacheinvalidation.internal.status;

import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.NodeStatus.Impairment;
import io.github.cacheinvalidation.NodeStatus.State;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a node, from which its state follows. Immutable: each event makes another one,
 * or returns this one where the event changes nothing.
 *
 * @param started whether the node is started
 * @param joined whether it has joined since
 * @param behind what may have been missed; null if nothing
 * @param suspicion why the caches distrust what they hold; null if they do not
 * @param suspicions how often they have begun to
 * @param failures why each thing that does not work failed first, or was refused last
 * @param channel the name of the channel
 * @param server who answered last
 * @param since when the state began
 */
public record StatusFacts(
    boolean started,
    boolean joined,
    @Nullable Behind behind,
    @Nullable String suspicion,
    long suspicions,
    Map<Impairment, String> failures,
    @Nullable String channel,
    @Nullable String server,
    Instant since) {

  public static final String ANOTHER_SERVER = "Another server answers than before";

  public static final String ANOTHER_LOG = "The log is another one than before";

  /**
   * Messages may be missing that were accepted before a moment.
   *
   * @param nanos the moment, on the node's monotonic clock
   * @param reason why, in words for a person
   */
  record Behind(long nanos, String reason) {}

  /** A node that was made and never started. */
  static StatusFacts made(Instant now) {
    return new StatusFacts(false, false, null, null, 0, Map.of(), null, null, now);
  }

  StatusFacts started(String name) {
    return new StatusFacts(true, false, null, null, suspicions, Map.of(), name, null, since);
  }

  StatusFacts stopped() {
    return new StatusFacts(false, false, null, null, suspicions, failures, channel, server, since);
  }

  StatusFacts failed(Impairment what, String reason, boolean refused) {
    if (failures.containsKey(what) && !refused) {
      return this;
    }
    Map<Impairment, String> more = copyOfFailures();
    more.put(what, reason);
    return with(behind, more);
  }

  StatusFacts worked(Impairment what) {
    if (!failures.containsKey(what)) {
      return this;
    }
    Map<Impairment, String> fewer = copyOfFailures();
    fewer.remove(what);
    return with(behind, fewer);
  }

  StatusFacts behind(long nanos, String reason) {
    return with(new Behind(nanos, reason), failures);
  }

  /**
   * A check is confirmed.
   *
   * @param sentNanos when it was sent
   * @param heard whether the present subscription was there at that moment
   */
  StatusFacts confirmed(long sentNanos, boolean heard) {
    if (!heard || !started) {
      return this;
    }
    boolean caughtUp = behind == null || sentNanos - behind.nanos() >= 0;
    return joined && behind == null
        ? this
        : new StatusFacts(
            true,
            true,
            caughtUp ? null : behind,
            suspicion,
            suspicions,
            failures,
            channel,
            server,
            since);
  }

  StatusFacts resynced(String answering, boolean suspected) {
    if (!suspected && answering.equals(server)) {
      return this;
    }
    return new StatusFacts(
        started,
        joined,
        behind,
        suspected ? (answering.equals(server) ? ANOTHER_LOG : ANOTHER_SERVER) : suspicion,
        suspected ? suspicions + 1 : suspicions,
        failures,
        channel,
        answering,
        since);
  }

  /** No cache distrusts what it holds, unless the caches have begun to once more since. */
  StatusFacts trusted(long suspicionsThen) {
    return suspicion == null || suspicions != suspicionsThen
        ? this
        : new StatusFacts(
            started, joined, behind, null, suspicions, failures, channel, server, since);
  }

  /** The same, whose state began now if the one before had another. */
  StatusFacts after(StatusFacts before, Instant now) {
    return new StatusFacts(
        started,
        joined,
        behind,
        suspicion,
        suspicions,
        failures,
        channel,
        server,
        state() == before.state() ? before.since : now);
  }

  State state() {
    if (!started) {
      return State.STOPPED;
    }
    if (!joined) {
      return State.JOINING;
    }
    if (!failures.isEmpty()) {
      return State.CUT_OFF;
    }
    if (suspicion != null) {
      return State.SUSPECTING;
    }
    return behind == null ? State.COHERENT : State.CATCHING_UP;
  }

  NodeStatus status(Instant lastConfirmed, int pendingKeys) {
    return new NodeStatus(
        state(), since, reason(), failures.keySet(), lastConfirmed, pendingKeys, channel, server);
  }

  private @Nullable String reason() {
    if (!failures.isEmpty()) {
      return String.join("; ", new LinkedHashSet<>(failures.values()));
    }
    if (!joined) {
      return null;
    }
    return suspicion != null || behind == null ? suspicion : behind.reason();
  }

  private Map<Impairment, String> copyOfFailures() {
    Map<Impairment, String> copy = new EnumMap<>(Impairment.class);
    copy.putAll(failures);
    return copy;
  }

  private StatusFacts with(@Nullable Behind moved, Map<Impairment, String> failing) {
    return new StatusFacts(
        started,
        joined,
        moved,
        suspicion,
        suspicions,
        Collections.unmodifiableMap(failing),
        channel,
        server,
        since);
  }
}

package io.github.cacheinvalidation.internal.status;

import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.NodeStatus.Impairment;
import io.github.cacheinvalidation.NodeStatus.State;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The facts that determine the status of a node. Immutable: each event returns a new instance, or
 * this one if it changes nothing.
 *
 * @param started whether the node is started
 * @param joined whether the node has joined its own channel since its start
 * @param behind which messages may be missing; null if none
 * @param suspicion why the caches are suspect; null if they are not
 * @param suspicions how often the caches became suspect
 * @param failures the reason of each impairment: of its first failure or its last refusal
 * @param others the facts about the cache channels and further channels
 * @param channel the name of the channel; null before the first start
 * @param server the server that answered last since the start; null if none has
 * @param since when the current state began
 */
public record StatusFacts(
    boolean started,
    boolean joined,
    @Nullable Behind behind,
    @Nullable String suspicion,
    long suspicions,
    Map<Impairment, String> failures,
    OtherChannelFacts others,
    @Nullable String channel,
    @Nullable String server,
    Instant since) {

  public static final String ANOTHER_SERVER = "The server is not the same as before";

  public static final String ANOTHER_LOG = "The log is not the same as before";

  static final String ANOTHER_SERVER_OR_LOG = "The server or the log is not the same as before";

  /**
   * Messages that were accepted before this time may be missing.
   *
   * @param nanos the time, on the node's monotonic clock
   * @param reason why, as text for people
   */
  record Behind(long nanos, String reason) {}

  /** Returns the facts of a node that was never started. */
  static StatusFacts made(Instant now) {
    return new StatusFacts(
        false, false, null, null, 0, Map.of(), OtherChannelFacts.NONE, null, null, now);
  }

  /** The node starts to join its own channel and its cache channels. */
  StatusFacts started(String name, Set<String> cacheChannels) {
    return new StatusFacts(
        true,
        false,
        null,
        null,
        suspicions,
        Map.of(),
        OtherChannelFacts.joining(cacheChannels),
        name,
        null,
        since);
  }

  StatusFacts stopped() {
    return new StatusFacts(
        false, false, null, null, suspicions, failures, others, channel, server, since);
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
   * @param sentNanos when the check was sent
   * @param heard whether the current subscription was confirmed by then
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
            others,
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
        others,
        channel,
        answering,
        since);
  }

  /** A server has answered on a cache channel; it is told if none has on the own channel. */
  StatusFacts answered(String answering) {
    return server != null
        ? this
        : new StatusFacts(
            started,
            joined,
            behind,
            suspicion,
            suspicions,
            failures,
            others,
            channel,
            answering,
            since);
  }

  /** Returns whether the node has joined its own channel and each cache channel. */
  boolean hasJoined() {
    return joined && others.joining().isEmpty();
  }

  /** The caches became suspect because of a cache channel or a further channel. */
  StatusFacts suspected(String reason) {
    return new StatusFacts(
        started, joined, behind, reason, suspicions + 1, failures, others, channel, server, since);
  }

  StatusFacts others(OtherChannelFacts changed) {
    return new StatusFacts(
        started, joined, behind, suspicion, suspicions, failures, changed, channel, server, since);
  }

  /** No cache is suspect, unless the caches became suspect again after {@code suspicionsThen}. */
  StatusFacts trusted(long suspicionsThen) {
    return suspicion == null || suspicions != suspicionsThen
        ? this
        : new StatusFacts(
            started, joined, behind, null, suspicions, failures, others, channel, server, since);
  }

  /** Returns these facts; their state began now if it differs from the state before. */
  StatusFacts after(StatusFacts before, Instant now) {
    return new StatusFacts(
        started,
        joined,
        behind,
        suspicion,
        suspicions,
        failures,
        others,
        channel,
        server,
        state() == before.state() ? before.since : now);
  }

  State state() {
    if (!started) {
      return State.STOPPED;
    }
    if (!hasJoined()) {
      return State.JOINING;
    }
    if (!impairments().isEmpty()) {
      return State.CUT_OFF;
    }
    if (suspicion != null) {
      return State.SUSPECTING;
    }
    return missing() == null ? State.COHERENT : State.CATCHING_UP;
  }

  NodeStatus status(Instant lastConfirmed, int pendingKeys) {
    return new NodeStatus(
        state(), since, reason(), impairments(), lastConfirmed, pendingKeys, channel, server);
  }

  private @Nullable String reason() {
    Set<String> reasons = new LinkedHashSet<>(failures.values());
    reasons.addAll(others.reasons());
    if (!reasons.isEmpty()) {
      return String.join("; ", reasons);
    }
    if (!hasJoined()) {
      return null;
    }
    return suspicion != null ? suspicion : missing();
  }

  /** Returns why messages may be missing; null if none may. */
  private @Nullable String missing() {
    return behind != null ? behind.reason() : others.behindBecause();
  }

  private Set<Impairment> impairments() {
    if (others.reasons().isEmpty()) {
      return failures.keySet();
    }
    Set<Impairment> all = others.impairments();
    all.addAll(failures.keySet());
    return all;
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
        others,
        channel,
        server,
        since);
  }
}

package io.github.cacheinvalidation.convergence;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAccumulator;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a read may be answered as it was. All moments are of one clock. Where something is
 * not known exactly, the error is on the side of the product: a read begins before its call, a
 * commit ends after it, and a message is accepted when the publisher has the answer.
 *
 * <p><b>G1.</b> Each node has floors: of each product, and for each key that shows it, the newest
 * version whose invalidation was applied there. They are read before the call. An answer below them
 * is a resurrection.
 *
 * <p><b>G2.</b> An answer shows committed versions only, or those of the reader's own transaction.
 *
 * <p><b>G4.</b> Say version n followed v, and Redis accepted at a, from another node than the
 * reader's, that the key is stale. An entry with v was loaded before n was committed, so before a;
 * and the node cannot have been confirmed as of a moment after a without having applied that
 * message, which would have evicted the entry. So no lookup that begins later than a plus the bound
 * may be answered with v. Before a nothing is promised: a writer that is cut off leaves others
 * stale. (A node does not apply its own messages, which can wait long: they say nothing about it.)
 *
 * <p>A transaction's own load is as old as the transaction, so it is judged by G2 alone. A value
 * whose loader was still at work when the call began came from a flight, not from an entry, so the
 * bound says nothing about it.
 */
final class Judge {

  /** Stands for a promise if the judge of a node has found a stale entry. */
  static final String OF_THE_NODE = "judge of the node";

  /** How far a violation goes into the text of a failure. */
  record Violation(String promise, String text) {}

  private final History history;

  private final long bound;

  private final Map<String, Violation> violations = new ConcurrentHashMap<>();

  private final LongAccumulator worst = new LongAccumulator(Math::max, 0);

  private final LongAccumulator worstSinceCommit = new LongAccumulator(Math::max, 0);

  Judge(History history, long bound) {
    this.history = history;
    this.bound = bound;
  }

  /** A read that is about to call the cache. */
  record Read(
      ConvergenceNode node,
      Key key,
      String path,
      @Nullable StoreTransaction transaction,
      long[] floors,
      long began) {

    static Read begin(
        ConvergenceNode node, Key key, String path, @Nullable StoreTransaction transaction) {
      long[] floors = node.floors(key);
      return new Read(node, key, path, transaction, floors, System.nanoTime());
    }
  }

  /**
   * Judges an answer.
   *
   * @param loadedItself whether the caller's own loader brought it
   */
  void answered(Read read, Value value, boolean loadedItself) {
    boolean ownView = loadedItself && read.transaction != null;
    int slot = read.key.slot();
    for (int i = 0; i < read.floors.length; i++) {
      Version version = value.version(i);
      if (version.status() != Version.Status.COMMITTED) {
        if (version.status() == Version.Status.NEVER_COMMITTED
            || version.writer() == null
            || version.writer() != read.transaction) {
          violated("G2", read, value, version + " was not committed, or not when it was answered");
        }
      } else if (!ownView) {
        if (version.ordinal() < read.floors[i]) {
          violated(
              "G1",
              read,
              value,
              version + " although the invalidation for commit " + read.floors[i] + " was applied");
        }
        judgeStaleness(read, value, version, slot);
      }
    }
  }

  private void judgeStaleness(Read read, Value value, Version version, int slot) {
    Version next = version.next();
    if (next == null || next.committedBy() == 0) {
      return;
    }
    worstSinceCommit.accumulate(read.began - next.committedBy());
    long accepted = next.accepted(slot, read.node.number());
    if (accepted == 0 || value.wasLoadingAt(read.began)) {
      return;
    }
    long staleness = read.began - accepted;
    worst.accumulate(staleness);
    if (staleness > bound) {
      violated(
          "G4",
          read,
          value,
          version
              + " "
              + TimeUnit.NANOSECONDS.toMillis(staleness)
              + " ms after Redis had accepted that "
              + next
              + " made it stale");
    }
  }

  private void violated(String promise, Read read, Value value, String why) {
    long now = System.nanoTime();
    if (violations.containsKey(promise)) {
      return;
    }
    String text =
        String.format(
            "%s: %s of %s on %s, begun at %s, was answered %s at %s: %s%n"
                + "What happened to that key on that node before:%n%s",
            promise,
            read.path,
            read.key,
            read.node.name(),
            history.time(read.began),
            value,
            history.time(now),
            why,
            history.before(now, read.node.name(), read.key));
    violations.putIfAbsent(promise, new Violation(promise, text));
  }

  /** Something else than a read broke a promise. */
  void violated(String promise, String node, Key key, String why) {
    if (!violations.containsKey(promise)) {
      String text =
          String.format(
              "%s: %s of %s: %s%nWhat happened to that key on that node before:%n%s",
              promise, key, node, why, history.before(System.nanoTime(), node, key));
      violations.putIfAbsent(promise, new Violation(promise, text));
    }
  }

  boolean hasViolation() {
    return !violations.isEmpty();
  }

  Map<String, Violation> violations() {
    return violations;
  }

  /** Returns the longest that an answer was stale after Redis had accepted it, in ms. */
  long worstStalenessMillis() {
    return TimeUnit.NANOSECONDS.toMillis(worst.get());
  }

  /** Returns the longest that an answer was stale after the commit, in ms. */
  long worstSinceCommitMillis() {
    return TimeUnit.NANOSECONDS.toMillis(worstSinceCommit.get());
  }
}

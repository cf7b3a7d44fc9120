package io.github.cacheinvalidation.autoconfigure.internal.logging;

import io.github.cacheinvalidation.internal.message.MessageEventListener;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Logs once that fewer nodes listen to the channel than should, and once when enough listen again.
 * Enough is what the application expects; otherwise two, as soon as another node was there. A
 * deployment replaces nodes, so a minute must pass first. Redis counts connections of any program,
 * so this is a hint.
 */
final class MissingNodes implements MessageEventListener {

  private static final long PATIENCE_NANOS = Duration.ofMinutes(1).toNanos();

  private final NodeLog log;

  private final LongSupplier nanoTime;

  private final @Nullable Integer expected;

  private int most;

  private boolean tooFew;

  private boolean told;

  private long since;

  /**
   * Creates a watch.
   *
   * @param expected how many nodes should listen, this one included; null if that is not known
   */
  MissingNodes(NodeLog log, LongSupplier nanoTime, @Nullable Integer expected) {
    this.log = log;
    this.nanoTime = nanoTime;
    this.expected = expected;
  }

  @Override
  public synchronized void counted(int connections) {
    most = Math.max(most, connections);
    int enough = expected != null ? expected : Math.min(most, 2);
    long now = nanoTime.getAsLong();
    if (connections >= enough) {
      over(connections, now);
    } else if (!tooFew) {
      tooFew = true;
      since = now;
    } else if (!told && now - since >= PATIENCE_NANOS) {
      told = true;
      warn(connections);
    }
  }

  private void over(int connections, long now) {
    if (told) {
      log.info(
          "{} connections listen to the channel again, after {}",
          connections,
          ProblemLog.seconds(now - since));
    }
    tooFew = false;
    told = false;
  }

  private void warn(int connections) {
    if (expected != null) {
      log.warn(
          "invalidation.expected-nodes is {}, but for a minute {} connection(s) have listened to"
              + " the channel (PUBSUB NUMSUB). Compare the line 'Joined the channel' of the other"
              + " nodes with that of this node: all nodes need the same channel, Redis and"
              + " database. Or correct invalidation.expected-nodes",
          expected,
          connections);
    } else {
      log.warn(
          "For a minute no other connection has listened to the channel (PUBSUB NUMSUB), although"
              + " {} connections did before. If other nodes run, compare their line 'Joined the"
              + " channel' with that of this node: all nodes need the same channel, Redis and"
              + " database. If this node may be alone, set invalidation.expected-nodes to 1",
          most);
    }
  }
}

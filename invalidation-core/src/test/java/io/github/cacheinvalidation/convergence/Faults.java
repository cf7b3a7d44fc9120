package io.github.cacheinvalidation.convergence;

import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.testing.FaultyChannel;
import io.github.cacheinvalidation.testing.TestRedis;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Random faults of one thread. Kinds are dealt from a shuffled deck, so that each comes once before
 * any comes again.
 *
 * @param <K> the kinds
 */
abstract class Faults<K extends Enum<K>> {

  private final K[] kinds;

  private final Deque<K> deck = new ArrayDeque<>();

  private final List<ConvergenceNode> nodes;

  private final Random random;

  private final Counters counters;

  private final History history;

  Faults(K[] kinds, List<ConvergenceNode> nodes, Random random, Settings settings) {
    this.kinds = kinds;
    this.nodes = nodes;
    this.random = random;
    this.counters = settings.counters();
    this.history = settings.history();
  }

  /** Does one fault after the other until something is over; each is healed before the next. */
  final void until(BooleanSupplier over) {
    while (!over.getAsBoolean()) {
      Loaders.pause(between(20, 150));
      if (deck.isEmpty()) {
        List<K> shuffled = new ArrayList<>(Arrays.asList(kinds));
        Collections.shuffle(shuffled, random);
        deck.addAll(shuffled);
      }
      K kind = deck.removeFirst();
      ConvergenceNode node = nodes.get(between(0, nodes.size()));
      @Nullable String where = concernsOneNode() ? node.name() : null;
      history.happened(where, "fault begins", kind);
      if (inflict(kind, node)) {
        counters.add("faults", kind.name());
      } else {
        deck.addLast(kind);
      }
      history.happened(where, "fault ends", kind);
    }
  }

  final boolean missesOne() {
    return Arrays.stream(kinds).anyMatch(kind -> counters.get("faults", kind.name()) == 0);
  }

  /** Does a fault and heals it; returns false if there was nothing to do it to. */
  abstract boolean inflict(K kind, ConvergenceNode node);

  /** Whether the other nodes feel nothing of it. */
  abstract boolean concernsOneNode();

  final int between(int least, int most) {
    return random.nextInt(least, most);
  }

  final Random random() {
    return random;
  }

  /** Returns the index of one of the channels of a node. */
  final int anyChannel(ConvergenceNode node) {
    return between(0, node.channels().size());
  }

  /** Longer than the bound, one time in three. */
  final void last() {
    Loaders.pause(between(0, 3) == 0 ? between(1100, 1900) : between(20, 400));
  }

  /** The faults of the server and its connections. */
  enum OfServer {
    KILL_SUBSCRIBER,
    KILL_PUBLISHER,
    KILL_ALL,
    RESTART_EMPTY,
    FLUSHALL,
    DELETE_LOG,
    TRIM_LOG,
    STOP_PROCESS,
    CLIENT_PAUSE,
    REFUSE_SUBSCRIBE,
    REFUSE_PUBLISH,
    SCRIPT_FLUSH
  }

  static final class Server extends Faults<OfServer> {

    private final TestRedis redis;

    private final Settings settings;

    Server(TestRedis redis, List<ConvergenceNode> nodes, Random random, Settings settings) {
      super(OfServer.values(), nodes, random, settings);
      this.settings = settings;
      this.redis = redis;
    }

    @Override
    boolean concernsOneNode() {
      return false;
    }

    @Override
    boolean inflict(OfServer kind, ConvergenceNode node) {
      switch (kind) {
        case KILL_SUBSCRIBER -> {
          return killSubscriber(node);
        }
        case KILL_PUBLISHER -> {
          return redis.killClients(node.clientName(), "N") > 0;
        }
        case KILL_ALL -> {
          redis.command("CLIENT", "KILL", "TYPE", "pubsub");
          redis.command("CLIENT", "KILL", "TYPE", "normal");
        }
        case RESTART_EMPTY -> {
          redis.stop();
          Loaders.pause(between(0, 400));
          redis.start();
        }
        case FLUSHALL -> redis.command("FLUSHALL");
        case DELETE_LOG -> {
          return redis.command("DEL", log(node, anyChannel(node))).equals("1");
        }
        case TRIM_LOG -> trim(node);
        case STOP_PROCESS -> {
          redis.pause();
          last();
          redis.resume();
        }
        case CLIENT_PAUSE -> {
          int millis = between(50, 900);
          redis.command("CLIENT", "PAUSE", String.valueOf(millis), "ALL");
          Loaders.pause(millis);
        }
        case REFUSE_SUBSCRIBE -> {
          redis.command(
              "ACL", "SETUSER", "default", "-subscribe", "-psubscribe", "-ssubscribe", "-xread");
          killSubscriber(node);
          last();
          redis.command("ACL", "SETUSER", "default", "+@all");
        }
        case REFUSE_PUBLISH -> {
          redis.command("ACL", "SETUSER", "default", "-publish", "-spublish");
          last();
          redis.command("ACL", "SETUSER", "default", "+@all");
        }
        case SCRIPT_FLUSH -> redis.command("SCRIPT", "FLUSH");
      }
      return true;
    }

    private boolean killSubscriber(ConvergenceNode node) {
      String flag = settings.feed(node.number()) == FeedKind.STREAM ? "b" : "P";
      return redis.killClients(node.clientName(), flag) > 0;
    }

    private static String log(ConvergenceNode node, int channel) {
      return "{" + node.channelName(channel) + "}:log";
    }

    /** The node hears nothing and cannot read until the log has dropped the missed messages. */
    private void trim(ConvergenceNode node) {
      int index = anyChannel(node);
      FaultyChannel channel = node.channels().get(index);
      channel.deafen();
      channel.failReads(Integer.MAX_VALUE);
      Loaders.pause(between(50, 600));
      redis.command("XTRIM", log(node, index), "MAXLEN", "1");
      channel.heal();
    }
  }

  /** The faults of one node and one of its channels. */
  enum OfNode {
    DROP,
    DEAFEN,
    DUPLICATE,
    DELAY,
    REORDER,
    FORK,
    OTHER_RUN_ID,
    FAIL_READS,
    FAIL_CHECKS,
    FAIL_PUBLICATIONS,
    LOSE_ANSWERS,
    REFUSE_PUBLICATIONS,
    FAIL_SUBSCRIPTIONS,
    CUT_OFF,
    RESTART_NODE
  }

  static final class Node extends Faults<OfNode> {

    Node(List<ConvergenceNode> nodes, Random random, Settings settings) {
      super(OfNode.values(), nodes, random, settings);
    }

    @Override
    boolean concernsOneNode() {
      return true;
    }

    @Override
    boolean inflict(OfNode kind, ConvergenceNode node) {
      FaultyChannel channel = node.channels().get(anyChannel(node));
      switch (kind) {
        case DROP -> channel.drop(between(1, 5));
        case DEAFEN -> {
          channel.deafen();
          last();
        }
        case DUPLICATE -> channel.duplicate(between(1, 20));
        case DELAY -> {
          channel.hold();
          last();
          channel.release();
        }
        case REORDER -> {
          channel.hold();
          Loaders.pause(between(20, 200));
          channel.releaseReversed();
        }
        case FORK -> {
          channel.fork("f");
          last();
        }
        case OTHER_RUN_ID -> channel.moveTo("other" + random().nextInt());
        case FAIL_READS -> {
          channel.failReads(between(1, 4));
          channel.drop(1);
          last();
        }
        case FAIL_CHECKS -> {
          channel.failChecks(Integer.MAX_VALUE);
          last();
        }
        case FAIL_PUBLICATIONS -> {
          channel.failPublications(Integer.MAX_VALUE);
          last();
        }
        case LOSE_ANSWERS -> {
          channel.loseAnswersToPublications(between(1, 4));
          last();
        }
        case REFUSE_PUBLICATIONS -> {
          channel.refusePublications(between(1, 4));
          last();
        }
        case FAIL_SUBSCRIPTIONS -> {
          channel.failSubscriptions(Integer.MAX_VALUE);
          channel.loseSubscription();
          last();
        }
        case CUT_OFF -> {
          channel.cutOff();
          last();
        }
        case RESTART_NODE -> {
          if (random().nextBoolean()) { // with writes that wait
            channel.failPublications(Integer.MAX_VALUE);
            Loaders.pause(between(20, 200));
          }
          node.stop();
          last();
          node.start();
          return true;
        }
      }
      if (kind != OfNode.DROP && kind != OfNode.DUPLICATE && kind != OfNode.OTHER_RUN_ID) {
        channel.heal();
      }
      return true;
    }
  }
}

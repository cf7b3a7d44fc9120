package io.github.cacheinvalidation.sample.page;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.NodeStatus.State;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Turns the events of the nodes into travels of invalidations and into sentences. Safe for use by
 * any thread.
 */
final class Narrator implements NodeEvents {

  private static final long ONCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final List<PageNode> nodes;
  private final Travels travels;
  private final Story story;
  private final Set<Integer> cleared = new HashSet<>();
  private final Set<Integer> replayed = new HashSet<>();
  private final Map<String, Long> said = new HashMap<>();

  /**
   * @param nodes the nodes of the shop; may grow
   */
  Narrator(List<PageNode> nodes, Travels travels, Story story) {
    this.nodes = nodes;
    this.travels = travels;
    this.story = story;
  }

  @Override
  public void committed(int node, String what) {
    List<Integer> running =
        nodes.stream().filter(PageNode::isRunning).map(PageNode::number).toList();
    if (running.contains(node)) { // a node that starts inserts the products
      travels.begin(node, what, running);
    }
  }

  @Override
  public void evicted(int node, String cache, String how) {
    arrived(node, cache, how);
  }

  @Override
  public void cleared(int node, String cache, ClearReason reason) {
    switch (reason) {
      case INVALIDATED -> arrived(node, cache, "message");
      case STALENESS_BOUND ->
          clearedItself(
              node,
              reason,
              " was not confirmed for too long, and cleared its caches: it serves nothing older than"
                  + " its bound.",
              Promise.G4);
      case SUSPECTED_LOSS ->
          clearedItself(
              node,
              reason,
              " found another log in Redis, so messages may be lost. It cleared what it held from"
                  + " before, once.",
              Promise.G3);
      case LOST_MESSAGES ->
          clearedItself(
              node,
              reason,
              " missed messages that the log no longer holds, and cleared its caches.",
              Promise.G3);
      default -> {
        // The visitor's own doing, or nothing that this shop can show.
      }
    }
  }

  @Override
  public synchronized void replayed(int node, int messages) {
    replayed.add(node);
    String read = "Node " + node + " read " + count(messages, "missed message") + " from the log";
    if (cleared.contains(node)) {
      story.say(read + ".", Promise.G3);
    } else {
      story.say(read + ", evicted only what they name, and cleared nothing.", Promise.G3);
    }
  }

  @Override
  public synchronized void confirmedAgain(int node, State before) {
    boolean hasCleared = cleared.remove(node);
    boolean hasReplayed = replayed.remove(node);
    if (before == State.CUT_OFF && !hasCleared && !hasReplayed) {
      story.say(
          "Node " + node + " is confirmed again. It had missed nothing, and kept its cache.",
          Promise.G3);
    }
  }

  /** A message of the shop that names a list names a product too, or clears both caches. */
  private void arrived(int node, String cache, String how) {
    if (cache.equals(PageNode.PRODUCTS)) {
      travels.arrived(node, "a message from outside", how);
    }
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  /** Both caches of a node are cleared at about the same time; one sentence is enough. */
  private synchronized void clearedItself(
      int node, ClearReason reason, String text, Promise promise) {
    cleared.add(node);
    travels.forget(node);
    long now = System.nanoTime();
    Long last = said.put(node + " " + reason, now);
    if (last == null || now - last > ONCE_NANOS) {
      story.say("Node " + node + text, promise);
    }
  }
}

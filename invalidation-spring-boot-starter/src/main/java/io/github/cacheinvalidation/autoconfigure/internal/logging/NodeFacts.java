package io.github.cacheinvalidation.autoconfigure.internal.logging;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.message.MessageEventListener;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * What log lines say about the node: its name and channel in each line, and the rest when it joins.
 * Written by the threads that start the node and answer checks, read by all threads.
 */
public final class NodeFacts implements MessageEventListener {

  private static final int MOST_NAMES = 20;

  private final String node;

  private final String bound;

  private final Supplier<String> transport;

  private volatile String channel = "none";

  private volatile String server = "";

  private volatile int listeners;

  private volatile Supplier<Collection<String>> caches = List::of;

  /**
   * Creates the facts of a node that has no channel yet.
   *
   * @param node the name of the node
   * @param bound the staleness bound of the node, for a person
   * @param transport returns the name of the transport, once the channel is open
   */
  public NodeFacts(String node, String bound, Supplier<String> transport) {
    this.node = node;
    this.bound = bound;
    this.transport = transport;
  }

  String node() {
    return node;
  }

  /** Returns the name of the channel; "none" before the first start. */
  String channel() {
    return channel;
  }

  /** Remembers the channel that was opened, and returns it. */
  public Channel opened(Channel opened) {
    channel = opened.name();
    server = opened.server();
    listeners = 0;
    return opened;
  }

  /** Sets the source of the names of the caches. */
  public void cachesFrom(Supplier<Collection<String>> names) {
    caches = names;
  }

  @Override
  public void counted(int connections) {
    listeners = connections;
  }

  /** Returns a sentence with all facts. */
  String sentence() {
    return "Transport "
        + transport.get()
        + (server.isEmpty() ? "" : ", Redis at " + server)
        + listenersText()
        + ", staleness bound "
        + bound
        + ", "
        + cachesText();
  }

  private String listenersText() {
    int count = listeners;
    if (count == 0) {
      return "";
    }
    return ", " + count + (count == 1 ? " connection listens" : " connections listen") + " there";
  }

  private String cachesText() {
    List<String> names = caches.get().stream().sorted().toList();
    if (names.isEmpty()) {
      return "no caches yet";
    }
    return names.size() > MOST_NAMES
        ? names.size() + " caches, such as " + names.subList(0, MOST_NAMES)
        : "caches " + names;
  }
}

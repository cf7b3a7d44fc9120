package io.github.cacheinvalidation.test;

import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.NodeStatus.State;
import io.github.cacheinvalidation.internal.channel.local.LocalHub;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.annotation.CheckReturnValue;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.util.function.ThrowingFunction;

/**
 * Several nodes of one application in this JVM, for tests. Each node is a Spring context with its
 * own caches. The nodes share a channel inside this JVM and need no Redis. A test can lose and
 * delay messages, cut a node off, and replace the server.
 *
 * <p>{@link CacheFleet} provides a fleet as a bean of a Spring test. {@link #of} starts one in any
 * other test. A test may close the context of a node; the methods of this class then wait for the
 * other nodes only.
 *
 * <p>For one test thread at a time.
 */
public final class InvalidationFleet implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration POLL_INTERVAL = Duration.ofMillis(10);

  private final List<FleetNode> nodes;

  InvalidationFleet(int nodes) {
    if (nodes < 1) {
      throw new IllegalArgumentException(
          "'nodes' must be at least 1 but was " + nodes + ". Two nodes show most faults");
    }
    LocalHub server = new LocalHub();
    this.nodes =
        IntStream.range(0, nodes)
            .mapToObj(index -> new FleetNode("node-" + index, new NodeConnection(server)))
            .toList();
  }

  /**
   * Starts nodes of an application, one after the other. Each is started as by {@code
   * SpringApplication.run}, with web server and runners; web servers listen on random ports. All
   * nodes have the same properties. If they need a shared database, these name one that does not
   * belong to a node, such as {@code jdbc:h2:mem:shop;DB_CLOSE_DELAY=-1}.
   *
   * @param nodes the number of nodes, at least 1
   * @param application the class of the application, or a configuration class
   * @param properties properties of the form {@code name=value} that take precedence over those of
   *     the application; {@code spring.profiles.active} is one of them
   * @return the fleet, all of whose nodes have joined the channel; the caller closes it
   * @throws IllegalStateException if a node cannot be started, or the starter is not active in it
   */
  public static InvalidationFleet of(int nodes, Class<?> application, String... properties) {
    InvalidationFleet fleet = new InvalidationFleet(nodes);
    try {
      fleet.start(fleet.nodes, node -> NodeApplication.start(node, application, properties));
      return fleet;
    } catch (RuntimeException | Error failure) {
      fleet.close();
      throw failure;
    }
  }

  /** Starts nodes and checks that each has joined the channel. */
  void start(List<FleetNode> starting, Consumer<FleetNode> start) {
    for (FleetNode node : starting) {
      try {
        start.accept(node);
      } catch (RuntimeException failure) {
        throw new IllegalStateException(
            node + " of " + nodes.size() + " nodes could not be started", failure);
      }
      node.requireJoined(PATIENCE);
    }
  }

  /**
   * Returns a node.
   *
   * @param index the number of the node, from 0
   * @throws IllegalArgumentException if there is no such node
   */
  public FleetNode node(int index) {
    if (index < 0 || index >= nodes.size()) {
      throw new IllegalArgumentException(
          "'index' must be from 0 to " + (nodes.size() - 1) + " but was " + index);
    }
    return nodes.get(index);
  }

  /** Returns all nodes, in order. */
  public List<FleetNode> nodes() {
    return nodes;
  }

  /**
   * Begins an assertion about a value that is read on every node. Nothing is read until a method of
   * the result is called. The value is read on the calling thread, possibly several times.
   *
   * @param <T> the type of the value
   * @param value reads the value on a node; may return null; an exception counts as another value
   */
  @CheckReturnValue
  public <T extends @Nullable Object> EveryNodeAssert<T> assertEveryNode(
      ThrowingFunction<FleetNode, T> value) {
    return new EveryNodeAssert<>(this, value);
  }

  /** Waits as {@link #awaitCoherent(Duration)} does, for 30 seconds at most. */
  public void awaitCoherent() {
    awaitCoherent(PATIENCE);
  }

  /**
   * Waits until every node is {@link State#COHERENT} and has applied every write that a node of
   * this fleet has done before this call. A write inside a transaction is done when the transaction
   * has ended.
   *
   * @param patience the longest time to wait
   * @throws AssertionError if that takes longer, for example because a node is cut off; the message
   *     shows the status of each node
   */
  public void awaitCoherent(Duration patience) {
    awaitCoherent(patience, node -> {});
  }

  private void awaitCoherent(Duration patience, Consumer<FleetNode> meanwhile) {
    Instant end = Instant.now().plus(patience);
    if (await(patience, () -> running().allMatch(FleetNode::isDrained))) {
      Instant published = Instant.now();
      Duration rest = Duration.between(published, end);
      boolean coherent =
          await(
              rest,
              () -> {
                running().forEach(meanwhile);
                return running().allMatch(node -> isCoherent(node, published));
              });
      if (coherent) {
        return;
      }
    }
    throw new AssertionError(
        "Not every node was coherent within "
            + patience
            + ":"
            + nodes.stream()
                .map(node -> "\n  " + node + " " + node.describe())
                .collect(Collectors.joining()));
  }

  private static boolean isCoherent(FleetNode node, Instant since) {
    NodeStatus status = node.status();
    return status.state() == State.COHERENT && !status.lastConfirmed().isBefore(since);
  }

  /**
   * Waits until every node that the channel reaches has applied the writes of all nodes that reach
   * the channel. A value that is read afterwards is not evicted by a write of before. Returns
   * without an error when the time is up.
   */
  void awaitDelivery(Duration patience) {
    Instant end = Instant.now().plus(patience);
    await(patience, () -> connected().allMatch(FleetNode::isDrained));
    Instant published = Instant.now();
    await(
        Duration.between(published, end),
        () -> connected().allMatch(node -> isCoherent(node, published)));
  }

  /** Returns the nodes to which messages travel, and which would not clear what they hold. */
  private Stream<FleetNode> connected() {
    return running()
        .filter(node -> node.connection().answersAtOnce())
        .filter(node -> node.status().state() != State.SUSPECTING);
  }

  /**
   * Replaces the server of the channel by one with an empty log, as after a failover that lost all
   * messages. Messages that a node has not received yet are lost for it. Each node notices the new
   * server, and clears each of its caches within the {@code max-staleness} of that cache. A node
   * that is cut off or forked stays so, and meets the new server when it reconnects.
   */
  public void failOver() {
    LocalHub server = new LocalHub();
    nodes.forEach(node -> node.connection().failOver(server));
  }

  /**
   * Ends all faults, waits until the nodes are coherent if there was a fault since the last reset,
   * and empties the caches of all nodes.
   *
   * @throws AssertionError if the nodes are not coherent within 30 seconds
   */
  public void reset() {
    boolean disturbed = false;
    for (FleetNode node : nodes) {
      disturbed |= node.connection().heal();
    }
    if (disturbed) {
      awaitCoherent(PATIENCE, FleetNode::emptySuspectCaches);
    }
    running().forEach(FleetNode::emptyCaches);
  }

  /** Closes the contexts of all nodes that this fleet has started. Closing again does nothing. */
  @Override
  public void close() {
    nodes.forEach(FleetNode::close);
  }

  /** Returns the nodes whose context the test has not closed. */
  Stream<FleetNode> running() {
    return nodes.stream().filter(node -> !node.isClosed());
  }

  /** Returns whether the condition held in time. It is evaluated on the calling thread. */
  static boolean await(Duration patience, Callable<Boolean> condition) {
    try {
      Awaitility.await()
          .pollInSameThread()
          .pollDelay(Duration.ZERO)
          .pollInterval(POLL_INTERVAL)
          .atMost(patience.compareTo(POLL_INTERVAL) < 0 ? POLL_INTERVAL : patience)
          .until(condition);
      return true;
    } catch (ConditionTimeoutException tooLate) {
      return false;
    }
  }
}

package io.github.cacheinvalidation.autoconfigure.endpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.NodeStatus.Impairment;
import io.github.cacheinvalidation.NodeStatus.State;
import io.github.cacheinvalidation.autoconfigure.Transport;
import io.github.cacheinvalidation.autoconfigure.internal.transport.TransportChoice;
import io.github.cacheinvalidation.internal.channel.Audience;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.github.cacheinvalidation.internal.node.NodeInspector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Shows this node, and which connections listen to its channel. */
final class NodePage {

  private static final String NOT_ASKED = "Redis does not answer this node, so it was not asked";

  private static final String NOT_COUNTED =
      "A node with the transport stream reads the log and does not subscribe, so the connections do"
          + " not count it";

  private final DefaultInvalidationNode node;

  private final TransportChoice transport;

  private final @Nullable Integer expected;

  NodePage(
      DefaultInvalidationNode node, TransportChoice transport, @Nullable Integer expectedNodes) {
    this.node = node;
    this.transport = transport;
    this.expected = expectedNodes;
  }

  /**
   * This node. Times are in UTC, from the clock of this machine.
   *
   * @param name its name
   * @param id its identity since its last start, as {@code name/random id}
   * @param pendingKeys keys that wait to be published
   * @param longestWaitMillis how long the oldest of them has waited that could not be published
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Node(
      String name,
      @Nullable String id,
      String state,
      @Nullable String reason,
      String since,
      String lastConfirmed,
      List<String> impairments,
      @Nullable String transport,
      @Nullable String channel,
      @Nullable String server,
      int pendingKeys,
      long longestWaitMillis) {}

  /**
   * The connections that listen to the channel.
   *
   * @param connections how many connections are subscribed to the channel, that of this node
   *     included unless its transport is the stream
   * @param expected how many nodes should listen, by {@code invalidation.expected-nodes}
   * @param ofLastPublication how many got the last message of this node; null if the transport is
   *     the stream
   * @param names the nodes that are subscribed or wait for the next entry of a log, on any channel
   *     of that Redis
   * @param ofCacheChannels how many connections are subscribed to each cache channel; null if there
   *     are none
   * @param notes what Redis does not tell, and why
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Listeners(
      @Nullable Long connections,
      @Nullable Integer expected,
      @Nullable Integer ofLastPublication,
      @Nullable List<String> names,
      @Nullable Map<String, Long> ofCacheChannels,
      List<String> notes) {}

  Node node() {
    NodeStatus status = node.status();
    NodeInspector inspector = node.inspector();
    Transport chosen = transport.transport();
    return new Node(
        inspector.name(),
        inspector.origin(),
        status.state().name(),
        status.reason(),
        status.since().toString(),
        status.lastConfirmed().toString(),
        status.impairments().stream().map(Enum::name).toList(),
        chosen == null ? null : chosen.text(),
        status.channel(),
        status.server(),
        status.pendingKeys(),
        node.longestWait().toMillis());
  }

  Listeners listeners() {
    NodeInspector inspector = node.inspector();
    OptionalInt last = inspector.listeners();
    Integer ofLast = last.isPresent() ? (Integer) last.getAsInt() : null;
    String obstacle = obstacle(node.status(), inspector);
    if (obstacle != null) {
      return unknown(ofLast, obstacle);
    }
    try {
      Audience audience = inspector.audience();
      return new Listeners(
          audience.connections(),
          expected,
          ofLast,
          audience.namesUnknown() == null ? audience.names() : null,
          ofCacheChannels(inspector),
          notes(audience));
    } catch (RuntimeException unanswered) {
      return unknown(ofLast, "Redis could not be asked: " + unanswered.getMessage());
    }
  }

  private static @Nullable Map<String, Long> ofCacheChannels(NodeInspector inspector) {
    Map<String, Long> counts = new TreeMap<>();
    inspector
        .audiencesOfCacheChannels()
        .forEach(
            (channel, audience) -> {
              Long connections = audience.connections();
              if (connections != null) {
                counts.put(channel, connections);
              }
            });
    return counts.isEmpty() ? null : counts;
  }

  private Listeners unknown(@Nullable Integer ofLastPublication, String reason) {
    return new Listeners(null, expected, ofLastPublication, null, null, List.of(reason));
  }

  /** Returns why a request would have to wait in vain for the server; null if it would not. */
  static @Nullable String obstacle(NodeStatus status, NodeInspector inspector) {
    if (status.state() == State.STOPPED) {
      return "This node is stopped";
    }
    if (!inspector.canAsk()) {
      return "This transport has no server to ask";
    }
    return status.impairments().contains(Impairment.CHECKS) ? NOT_ASKED : null;
  }

  private List<String> notes(Audience audience) {
    String connections = audience.connectionsUnknown();
    String names = audience.namesUnknown();
    List<String> notes = new ArrayList<>();
    if (connections != null) {
      notes.add(connections);
    } else if (transport.transport() == Transport.STREAM) {
      notes.add(NOT_COUNTED);
    }
    notes.add(
        names != null
            ? names
            : "The names are those of nodes that listen on this Redis server; Redis does not tell"
                + " to which channel each of them listens");
    return notes;
  }
}

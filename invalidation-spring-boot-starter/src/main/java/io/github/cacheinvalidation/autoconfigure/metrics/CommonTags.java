package io.github.cacheinvalidation.autoconfigure.metrics;

import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.autoconfigure.Transport;
import io.github.cacheinvalidation.autoconfigure.internal.transport.TransportChoice;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/**
 * The tags of all meters of a node: its channel and its transport. They do not change while the
 * application runs. The node is looked up when meters are bound, because observers are created
 * before it.
 */
final class CommonTags {

  private static final String NOT_CHOSEN = "none";

  private final ObjectProvider<DefaultInvalidationNode> node;

  private final TransportChoice transport;

  CommonTags(ObjectProvider<DefaultInvalidationNode> node, TransportChoice transport) {
    this.node = node;
    this.transport = transport;
  }

  Tags get() {
    String channel = channel(); // creates the node, which chooses the transport
    Transport chosen = transport.transport();
    return Tags.of("channel", channel)
        .and("transport", chosen == null ? NOT_CHOSEN : chosen.text());
  }

  /** A node that is not started yet has no channel, but its setting is known. */
  private String channel() {
    NodeStatus status = node.getObject().status();
    @Nullable String channel = status == null ? null : status.channel();
    return channel == null ? transport.channel() : channel;
  }
}

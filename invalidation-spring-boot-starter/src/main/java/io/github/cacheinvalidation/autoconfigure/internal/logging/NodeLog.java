package io.github.cacheinvalidation.autoconfigure.internal.logging;

import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs with the name and the channel of the node in each line: at the end of the text, for a
 * person, and as the key-value pairs {@code node} and {@code channel}, for a structured log.
 *
 * @param logger the target
 * @param node returns the name of the node
 * @param channel returns the name of the channel
 */
public record NodeLog(Logger logger, Supplier<String> node, Supplier<String> channel) {

  NodeLog(Logger logger, NodeFacts facts) {
    this(logger, facts::node, facts::channel);
  }

  /** Returns the log of a node. */
  public static NodeLog of(DefaultInvalidationNode node) {
    return new NodeLog(
        LoggerFactory.getLogger(InvalidationNode.class),
        () -> node.inspector().name(),
        () -> Objects.requireNonNullElse(node.status().channel(), "none"));
  }

  void info(String text, @Nullable Object... arguments) {
    write(logger.atInfo(), text, arguments);
  }

  void warn(String text, @Nullable Object... arguments) {
    write(logger.atWarn(), text, arguments);
  }

  /** Logs for a developer, perhaps with an exception. */
  void debug(String text, Throwable cause) {
    write(logger.atDebug().setCause(cause), text);
  }

  void debug(String text, @Nullable Object... arguments) {
    write(logger.atDebug(), text, arguments);
  }

  boolean isDebugEnabled() {
    return logger.isDebugEnabled();
  }

  private void write(LoggingEventBuilder event, String text, @Nullable Object... arguments) {
    String ofNode = node.get();
    String ofChannel = channel.get();
    @Nullable Object[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = ofNode;
    all[arguments.length + 1] = ofChannel;
    event
        .addKeyValue("node", ofNode)
        .addKeyValue("channel", ofChannel)
        .log(text + " [node {}, channel {}]", all);
  }
}

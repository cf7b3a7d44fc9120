package io.github.cacheinvalidation.autoconfigure.internal.transport;

import io.github.cacheinvalidation.ForeignMessageWriter;
import io.github.cacheinvalidation.InvalidationNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;

/** Finds the beans that write messages for other programs. They are used over Redis only. */
public final class ForeignWriters {

  private static final Logger log = LoggerFactory.getLogger(InvalidationNode.class);

  private ForeignWriters() {}

  /**
   * Returns the writers; none, and logs the remedy, if the transport does not use Redis.
   *
   * @param redis whether the transport uses Redis; asked only if there is a writer
   */
  public static List<ForeignMessageWriter> of(ListableBeanFactory beans, BooleanSupplier redis) {
    String[] names = beans.getBeanNamesForType(ForeignMessageWriter.class, true, false);
    if (names.length == 0) {
      return List.of();
    }
    if (redis.getAsBoolean()) {
      return beans.getBeanProvider(ForeignMessageWriter.class).orderedStream().toList();
    }
    log.warn(
        "The ForeignMessageWriter beans {} are not used: this node publishes nothing over Redis, so"
            + " programs that read other messages are not told of its writes. Set"
            + " invalidation.transport to pubsub and invalidation.enabled to true, or remove these"
            + " beans",
        new TreeSet<>(Set.of(names)));
    return List.of();
  }
}

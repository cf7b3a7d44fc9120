package io.github.cacheinvalidation.sample.page;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parts of the shop that the page shows, and that its buttons use.
 *
 * @param nodes all nodes, running or not
 * @param redis null if the shop did not start its Redis
 * @param bound the staleness bound, for a person
 */
record Shown(
    List<PageNode> nodes,
    @Nullable RedisSwitch redis,
    Database database,
    Travels travels,
    Story story,
    NodeClient client,
    String bound) {

  /** Returns whether messages of a node reach Redis. */
  boolean canPublish(PageNode node) {
    return node.isLinked() && (redis == null || redis.isRunning());
  }

  PageState.Row row(long product) {
    return database
        .row(product)
        .orElseThrow(
            () -> new RefusedActionException("The page shows no product " + product + "."));
  }

  RedisSwitch ownRedis() {
    if (redis == null) {
      throw new RefusedActionException("This Redis was not started by the shop.");
    }
    return redis;
  }
}

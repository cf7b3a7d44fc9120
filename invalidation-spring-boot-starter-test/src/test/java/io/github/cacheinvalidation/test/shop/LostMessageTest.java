package io.github.cacheinvalidation.test.shop;

import io.github.cacheinvalidation.test.InvalidationFleet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class LostMessageTest {

  @AutoClose
  final InvalidationFleet fleet =
      InvalidationFleet.of(
          2,
          ShopApplication.class,
          "spring.datasource.url=jdbc:h2:mem:failover;DB_CLOSE_DELAY=-1",
          "invalidation.max-staleness=1s");

  @Test
  void messageThatTheServerHasLost_isMadeUpForWithinTheStalenessBound() {
    fleet.assertEveryNode(node -> node.bean(Products.class).name(7)).returns("old");
    fleet.node(1).holdMessages();
    fleet.node(0).bean(Products.class).rename(7, "new");

    fleet.failOver();

    fleet.node(1).releaseMessages();
    fleet.assertEveryNode(node -> node.bean(Products.class).name(7)).returns("new");
  }
}

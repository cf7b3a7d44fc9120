package io.github.cacheinvalidation.test.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.test.CacheFleet;
import io.github.cacheinvalidation.test.InvalidationFleet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

@SpringBootTest(
    properties = {
      "spring.datasource.url=jdbc:h2:mem:shop;DB_CLOSE_DELAY=-1",
      "invalidation.max-staleness=1h"
    })
@CacheFleet(nodes = 3)
class RenameOnSeveralNodesTest {

  @Autowired Products products;

  @Autowired InvalidationFleet fleet;

  @BeforeEach
  void everyNodeHoldsTheOldName() {
    products.rename(7, "old");
    fleet.assertEveryNode(node -> node.bean(Products.class).name(7)).returns("old");
  }

  @Test
  void rename_reachesEveryNode() {
    products.rename(7, "new");

    fleet.assertEveryNode(node -> node.bean(Products.class).name(7)).returns("new");
  }

  @Test
  void nodeThatIsCutOff_servesTheOldNameUntilItIsConnected() {
    Products other = fleet.node(2).bean(Products.class);
    fleet.node(2).cutOff();

    products.rename(7, "new");

    assertThat(other.name(7)).isEqualTo("old");
    fleet.node(2).reconnect();
    fleet.awaitCoherent();
    assertThat(other.name(7)).isEqualTo("new");
  }
}

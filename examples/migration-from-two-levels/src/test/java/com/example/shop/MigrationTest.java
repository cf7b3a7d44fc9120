package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.example.shop.after.After;
import com.example.shop.before.Before;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** The steps of docs/migration.md, from a cache of two levels. */
class MigrationTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @BeforeEach
  void name() {
    Database.rename(7, "old");
  }

  @Test
  void steps1And2_oldAndNewNodesEvictEachOther() throws InterruptedException {
    try (var first = Nodes.start(Before.class);
        var before = Nodes.start(Before.class);
        var after = Nodes.start(After.class, "beside-old-nodes")) {
      notifyOfDeletedKeys(before);
      var firstProducts = first.getBean(com.example.shop.before.Products.class);
      var oldProducts = before.getBean(com.example.shop.before.Products.class);
      var newProducts = after.getBean(com.example.shop.after.Products.class);
      oldProducts.rename(7, "old");
      assertThat(firstProducts.name(7)).isEqualTo("old");
      assertThat(oldProducts.name(7)).isEqualTo("old");
      assertThat(newProducts.name(7)).isEqualTo("old");

      oldProducts.rename(7, "of the old node");
      await().atMost(PATIENCE).until(() -> newProducts.name(7).equals("of the old node"));
      await().atMost(PATIENCE).until(() -> firstProducts.name(7).equals("of the old node"));

      assertThat(oldProducts.name(7)).isEqualTo("of the old node");
      newProducts.rename(7, "of the new node");
      await().atMost(PATIENCE).until(() -> oldProducts.name(7).equals("of the new node"));
      await().atMost(PATIENCE).until(() -> firstProducts.name(7).equals("of the new node"));
    }
  }

  @Test
  void step3_nodesWithAndWithoutTheTwoBeansEvictEachOther() throws InterruptedException {
    try (var first = Nodes.start(After.class, "beside-old-nodes");
        var last = Nodes.start(After.class)) {
      var firstProducts = first.getBean(com.example.shop.after.Products.class);
      var lastProducts = last.getBean(com.example.shop.after.Products.class);
      assertThat(firstProducts.name(7)).isEqualTo("old");
      assertThat(lastProducts.name(7)).isEqualTo("old");

      firstProducts.rename(7, "of the first node");
      await().atMost(PATIENCE).until(() -> lastProducts.name(7).equals("of the first node"));

      assertThat(firstProducts.name(7)).isEqualTo("of the first node");
      lastProducts.rename(7, "of the last node");
      await().atMost(PATIENCE).until(() -> firstProducts.name(7).equals("of the last node"));
    }
  }

  @Test
  void whatIsLost_eachNodeReadsFromTheDatabaseItself() throws InterruptedException {
    try (var first = Nodes.start(Before.class);
        var second = Nodes.start(Before.class)) {
      var products = first.getBean(com.example.shop.before.Products.class);
      products.rename(7, "old");
      int reads = Database.reads();
      products.name(7);
      second.getBean(com.example.shop.before.Products.class).name(7);
      assertThat(Database.reads() - reads).isEqualTo(1);
    }
    try (var first = Nodes.start(After.class);
        var second = Nodes.start(After.class)) {
      int reads = Database.reads();
      first.getBean(com.example.shop.after.Products.class).name(7);
      second.getBean(com.example.shop.after.Products.class).name(7);
      assertThat(Database.reads() - reads).isEqualTo(2);
    }
  }

  /** Step 1. */
  private static void notifyOfDeletedKeys(ConfigurableApplicationContext node) {
    int port = node.getEnvironment().getProperty("spring.data.redis.port", Integer.class, 6379);
    try (RedisClient client = RedisClient.create("redis://127.0.0.1:" + port)) {
      client.connect().sync().configSet("notify-keyspace-events", "Eg");
    }
  }
}

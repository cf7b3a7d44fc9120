package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** The steps of docs/migration.md, from Spring Boot's Redis cache. */
class MigrationTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @BeforeEach
  void name() {
    Database.rename(7, "old");
  }

  @Test
  void steps1And2_oldAndNewNodesEvictEachOther() throws InterruptedException {
    try (var before = Nodes.start(Before.class, "before");
        var after = Nodes.start(After.class, "after", "beside-old-nodes")) {
      notifyOfDeletedKeys(before);
      Products oldProducts = before.getBean(Products.class);
      Products newProducts = after.getBean(Products.class);
      oldProducts.imported();
      assertThat(oldProducts.name(7)).isEqualTo("old");
      assertThat(newProducts.name(7)).isEqualTo("old");

      oldProducts.rename(7, "of the old node");
      await().atMost(PATIENCE).until(() -> newProducts.name(7).equals("of the old node"));

      assertThat(oldProducts.name(7)).isEqualTo("of the old node");
      newProducts.rename(7, "of the new node");
      await().atMost(PATIENCE).until(() -> oldProducts.name(7).equals("of the new node"));

      Database.rename(7, "imported");
      newProducts.imported();
      await().atMost(PATIENCE).until(() -> oldProducts.name(7).equals("imported"));
    }
  }

  @Test
  void step3_nodesWithAndWithoutTheTwoBeansEvictEachOther() throws InterruptedException {
    try (var first = Nodes.start(After.class, "after", "beside-old-nodes");
        var last = Nodes.start(After.class, "after")) {
      Products firstProducts = first.getBean(Products.class);
      Products lastProducts = last.getBean(Products.class);
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
    assertThat(readsOfTwoNodes(Before.class, "before")).isEqualTo(1);
    assertThat(readsOfTwoNodes(After.class, "after")).isEqualTo(2);
  }

  private static int readsOfTwoNodes(Class<?> application, String profile)
      throws InterruptedException {
    try (var first = Nodes.start(application, profile);
        var second = Nodes.start(application, profile)) {
      first.getBean(Products.class).imported();
      int before = Database.reads();
      first.getBean(Products.class).name(7);
      second.getBean(Products.class).name(7);
      return Database.reads() - before;
    }
  }

  /** Step 1. */
  private static void notifyOfDeletedKeys(ConfigurableApplicationContext node) {
    try (RedisConnection redis = node.getBean(RedisConnectionFactory.class).getConnection()) {
      redis.serverCommands().setConfig("notify-keyspace-events", "Eg");
    }
  }
}

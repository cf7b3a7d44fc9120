package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The steps of docs/migration.md, from a Caffeine cache manager. */
@ExtendWith(OutputCaptureExtension.class)
class MigrationTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @BeforeEach
  void name() {
    Database.rename(7, "old");
  }

  @Test
  void step1_theDependencyAloneChangesNothingAndSaysSo(CapturedOutput output)
      throws InterruptedException {
    try (var first = Nodes.start(Before.class);
        var second = Nodes.start(Before.class)) {
      Products firstProducts = first.getBean(Products.class);
      Products secondProducts = second.getBean(Products.class);
      assertThat(secondProducts.name(7)).isEqualTo("old");

      firstProducts.rename(7, "new");

      assertThat(firstProducts.name(7)).isEqualTo("new");
      assertThat(secondProducts.name(7)).as("stale").isEqualTo("old");
      assertThat(output)
          .contains("receive no writes of other nodes")
          .contains("a cache manager of its own, [cacheManager]");
    }
  }

  @Test
  void step2_withoutTheBeanNodesEvictEachOther() throws InterruptedException {
    try (var first = Nodes.start(After.class, "after");
        var second = Nodes.start(After.class, "after")) {
      Products firstProducts = first.getBean(Products.class);
      Products secondProducts = second.getBean(Products.class);
      assertThat(secondProducts.name(7)).isEqualTo("old");

      firstProducts.rename(7, "new");

      await().atMost(PATIENCE).until(() -> secondProducts.name(7).equals("new"));
    }
  }
}

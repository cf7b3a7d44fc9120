package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.NodeStatus;
import java.time.Duration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts nodes, over the Redis that {@code examples/run} starts. */
final class Nodes {

  private Nodes() {}

  /** Starts a node and waits until it is connected, if the starter provides its caches. */
  static ConfigurableApplicationContext start(Class<?> application, String... profiles)
      throws InterruptedException {
    ConfigurableApplicationContext node =
        new SpringApplicationBuilder(application)
            .web(WebApplicationType.NONE)
            .profiles(profiles)
            .run();
    InvalidationNode joining = node.getBean(InvalidationNode.class);
    if (joining.status().state() != NodeStatus.State.STOPPED) {
      assertThat(joining.awaitJoined(Duration.ofSeconds(60))).isTrue();
    }
    return node;
  }
}

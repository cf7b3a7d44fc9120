package io.github.cacheinvalidation.test;

import io.github.cacheinvalidation.InvalidationNode;
import java.time.Duration;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** An application as a process of its own; says which server its node has joined, and ends. */
final class ComposedNode {

  static final String JOINED = "joined ";

  private ComposedNode() {}

  public static void main(String[] arguments) throws InterruptedException {
    try (ConfigurableApplicationContext context =
        SpringApplication.run(RedisNames.class, arguments)) {
      InvalidationNode node = context.getBean(InvalidationNode.class);
      if (node.awaitJoined(Duration.ofSeconds(30))) {
        System.out.println(JOINED + node.status().server());
      } else {
        System.out.println("not joined: " + node.status());
      }
    }
  }
}

package com.example.shop.after;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.cacheinvalidation.ForeignMessageReader;
import io.github.cacheinvalidation.ForeignMessageWriter;
import io.github.cacheinvalidation.ForeignMessageWriter.Message;
import io.github.cacheinvalidation.Invalidation;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** Reads and writes messages of old nodes. Removed when the last old node is stopped. */
@Configuration
@Profile("beside-old-nodes")
class BesideOldNodes {

  @Bean
  ForeignMessageReader oldMessages() {
    return payload -> {
      String[] cacheAndKey = new String(payload, UTF_8).split(":", 2);
      return cacheAndKey.length == 2
          ? List.of(Invalidation.keys(cacheAndKey[0], cacheAndKey[1]))
          : null;
    };
  }

  @Bean
  ForeignMessageWriter messagesForOldNodes() {
    return stale ->
        stale instanceof Invalidation.Keys<Object> some
            ? some.keys().stream()
                .map(key -> Message.of("cache:evict", stale.cache() + ":" + key))
                .toList()
            : null; // old nodes know no message for a whole cache
  }
}

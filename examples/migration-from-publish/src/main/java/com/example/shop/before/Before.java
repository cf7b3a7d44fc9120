package com.example.shop.before;

import io.github.cacheinvalidation.autoconfigure.CacheInvalidationAutoConfiguration;
import java.nio.charset.StandardCharsets;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.listener.ChannelTopic;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;

/** A node without the starter, which this project has for {@code After} alone. */
@SpringBootApplication(exclude = CacheInvalidationAutoConfiguration.class)
@EnableCaching
public class Before {

  @Bean
  RedisMessageListenerContainer evictions(RedisConnectionFactory redis, Products products) {
    RedisMessageListenerContainer container = new RedisMessageListenerContainer();
    container.setConnectionFactory(redis);
    container.addMessageListener(
        (message, pattern) ->
            products.received(new String(message.getBody(), StandardCharsets.UTF_8)),
        new ChannelTopic("cache:evict"));
    return container;
  }
}

package io.github.cacheinvalidation.internal.channel.redis.springdata;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * Registers for native images all names that this package looks up: the client classes that may be
 * absent, the field that reveals a static master/replica configuration, and the Jedis property that
 * only newer releases of Spring Data Redis have.
 */
final class RedisHints implements RuntimeHintsRegistrar {

  @Override
  public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
    hints
        .reflection()
        .registerTypeIfPresent(
            classLoader, "org.springframework.data.redis.connection.RedisConnectionFactory")
        .registerTypeIfPresent(classLoader, SpringDataChannel.LETTUCE_CLASS)
        .registerTypeIfPresent(classLoader, SpringDataChannel.JEDIS_CLASS)
        .registerTypeIfPresent(
            classLoader,
            "org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory",
            type -> type.withField(LettuceFactory.CONFIGURATION_FIELD))
        .registerTypeIfPresent(
            classLoader,
            "org.springframework.data.redis.connection.jedis.JedisConnectionFactory",
            MemberCategory.INVOKE_PUBLIC_METHODS);
  }
}

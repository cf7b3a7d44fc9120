package io.github.cacheinvalidation.internal.channel.redis;

import io.github.cacheinvalidation.internal.channel.redis.lettuce.LettuceDriver;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * Tells a native image what this package looks up by name: the clients that may be absent, the
 * field that shows a static list of a master and its replicas, and the property of Jedis that only
 * newer releases of Spring Data Redis have.
 */
final class RedisHints implements RuntimeHintsRegistrar {

  @Override
  public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
    hints
        .reflection()
        .registerTypeIfPresent(
            classLoader, "org.springframework.data.redis.connection.RedisConnectionFactory")
        .registerTypeIfPresent(classLoader, DriverSelector.LETTUCE_CLASS)
        .registerTypeIfPresent(classLoader, DriverSelector.JEDIS_CLASS)
        .registerTypeIfPresent(
            classLoader,
            "org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory",
            type -> type.withField(LettuceDriver.CONFIGURATION_FIELD))
        .registerTypeIfPresent(
            classLoader,
            "org.springframework.data.redis.connection.jedis.JedisConnectionFactory",
            MemberCategory.INVOKE_PUBLIC_METHODS);
  }
}

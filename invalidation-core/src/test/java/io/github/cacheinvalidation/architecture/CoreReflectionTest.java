package io.github.cacheinvalidation.architecture;

import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.reflection;

import io.lettuce.core.RedisClient;
import java.util.Map;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import redis.clients.jedis.Jedis;

class CoreReflectionTest extends ReflectionContract {

  CoreReflectionTest() {
    super(
        "invalidation-core",
        Map.of(
            "SpringDataChannel",
            reflection().onType(RedisClient.class).and(reflection().onType(Jedis.class)),
            "LettuceFactory",
            reflection().onFieldAccess(LettuceConnectionFactory.class, "configuration"),
            "JedisDriver",
            reflection()
                .onType(JedisConnectionFactory.class)
                .withMemberCategory(MemberCategory.INVOKE_PUBLIC_METHODS),
            // The classes of keys are the application's. The starter hints those that it finds at
            // build
            // time.
            "RecordLayout",
            NO_HINT,
            "ClassLayout",
            NO_HINT,
            "FinalFields",
            NO_HINT,
            "CanonicalConstructor",
            NO_HINT,
            // Arrays of types used here; the element types need no hint.
            "ArrayShape",
            NO_HINT,
            "LastingCopies",
            NO_HINT));
  }
}

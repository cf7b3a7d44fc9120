package io.github.cacheinvalidation.autoconfigure.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.reflection;

import io.github.cacheinvalidation.architecture.ReflectionContract;
import io.github.cacheinvalidation.autoconfigure.CacheInvalidationAutoConfiguration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.javapoet.ClassName;

class StarterReflectionTest extends ReflectionContract {

  StarterReflectionTest() {
    super(
        "invalidation-spring-boot-starter",
        Map.of(
            "Transports",
            reflection().onType(RedisConnectionFactory.class),
            // Conditions look up types at build time; in a native image only an INFO line is
            // missing.
            "CacheChoice",
            NO_HINT,
            // Both run at build time only.
            "KeyHintsAotProcessor",
            NO_HINT,
            "KeyClasses",
            NO_HINT,
            // Has a proxy, and the hint for it where it is imported.
            "PersistenceContextPostProcessor",
            NO_HINT,
            // Looks at annotations of beans, which Spring's own processing hints.
            "ReactiveTransactionCheck",
            NO_HINT,
            "DeclaredOperations",
            NO_HINT,
            // Runs in the conditions, at build time.
            "InjectionPoints",
            NO_HINT,
            "JCacheAnnotations",
            NO_HINT,
            // Looks for a class of Spring; without it a hint is missing in the log.
            "Diagnosis",
            NO_HINT));
  }

  @Test
  void hintsOfTheCore_areAmongThoseGeneratedForAnApplication() {
    AnnotationConfigApplicationContext application = new AnnotationConfigApplicationContext();
    application.register(CacheInvalidationAutoConfiguration.class);
    DefaultGenerationContext generated =
        new DefaultGenerationContext(
            new ClassNameGenerator(ClassName.get(StarterReflectionTest.class)),
            new InMemoryGeneratedFiles());

    new ApplicationContextAotGenerator().processAheadOfTime(application, generated);

    assertThat(reflection().onFieldAccess(LettuceConnectionFactory.class, "configuration"))
        .accepts(generated.getRuntimeHints());
  }
}

package io.github.cacheinvalidation.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.test.context.aot.DisabledInAotMode;

/**
 * Makes the context of a Spring test the first of several nodes, and provides them as a bean of
 * type {@link InvalidationFleet}. For a test class with {@code @SpringBootTest} or another
 * annotation that loads a context with the starter.
 *
 * <p>The other nodes are contexts of the same test configuration: the same classes, properties,
 * profiles and bean overrides. Each node has its own beans, so a {@code @MockitoBean} of the test
 * is the mock of the first node only. Containers in static fields are shared by all nodes. A {@code
 * server.port} counts for the first node only.
 *
 * <p>The nodes share a channel inside this JVM, whatever {@code invalidation.transport} says, and
 * need no Redis. {@code invalidation.check-interval} is 50 ms unless it is set.
 *
 * <p>The nodes belong to the context of the test: they are kept in Spring's cache of test contexts,
 * paused and restarted with it, and closed with it. After each test method the fleet is {@linkplain
 * InvalidationFleet#reset() reset}. Test methods that use one fleet must not run at the same time.
 * {@code @ContextHierarchy} is not supported.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@DisabledInAotMode("@CacheFleet starts further contexts")
public @interface CacheFleet {

  /** Returns the number of nodes, at least 1. */
  int nodes() default 2;
}

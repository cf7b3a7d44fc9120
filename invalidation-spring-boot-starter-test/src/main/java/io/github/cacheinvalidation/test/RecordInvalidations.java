package io.github.cacheinvalidation.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.test.context.aot.DisabledInAotMode;

/**
 * Records which keys and caches the application of a Spring test invalidates, and provides them as
 * a bean of type {@link RecordedInvalidations}. For a test class whose context has the starter. The
 * transport, and whether Redis is there, do not matter.
 *
 * <p>The record is emptied before each test method, after its {@code @BeforeEach} methods. Test
 * methods that use one context must not run at the same time.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@DisabledInAotMode("@RecordInvalidations adds beans to the context")
public @interface RecordInvalidations {}

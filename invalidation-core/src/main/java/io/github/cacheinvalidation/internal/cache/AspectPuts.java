package io.github.cacheinvalidation.internal.cache;

import java.lang.StackWalker.StackFrame;
import java.lang.reflect.InvocationHandler;
import java.util.stream.Stream;
import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.AbstractCacheInvoker;
import org.springframework.util.ClassUtils;

/**
 * Detects a put that one of Spring's cache aspects makes without a view. Spring calls the same
 * {@code put} for {@code @Cacheable} and for {@code @CachePut}. The cache must not publish the put
 * of a read and must publish the put of a write. Without a view it cannot tell them apart.
 */
final class AspectPuts {

  /** Finds the caller of a method; only that method itself may ask. */
  static final StackWalker STACK =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  private AspectPuts() {}

  /**
   * Refuses the put if a cache aspect makes it.
   *
   * @param caller the class that called the cache
   * @throws IllegalStateException if an aspect called, directly or through a decorator
   */
  static void refuse(Class<?> caller, String cache) {
    if (isAspect(caller) || (mayForward(caller) && STACK.walk(AspectPuts::comesFromAnAspect))) {
      throw new IllegalStateException(
          "Cache '"
              + cache
              + "' cannot tell whether this put is the result of @Cacheable, which must not be"
              + " published, or of @CachePut, which must be published"
              + STACK.walk(AspectPuts::method)
              + ". It comes from a cache aspect that does not use the starter's cache resolver: the"
              + " aspect was made by hand or before bean post-processors, it belongs to a child"
              + " context that has not been refreshed yet, a decorator hides the cache, or the"
              + " annotation belongs to JSR-107. Use Spring's annotations with @EnableCaching, let"
              + " getNativeCache() of the decorator return the cache's native cache, or declare the"
              + " aspect as a bean of the context, so that the starter gives it its resolver");
    }
  }

  private static boolean isAspect(Class<?> type) {
    return AbstractCacheInvoker.class.isAssignableFrom(type);
  }

  /** A stack walk is slow, so only callers that can be decorators or proxies cause one. */
  private static boolean mayForward(Class<?> caller) {
    return Cache.class.isAssignableFrom(caller)
        || InvocationHandler.class.isAssignableFrom(caller)
        || caller.getName().startsWith("org.springframework.aop.");
  }

  private static boolean comesFromAnAspect(Stream<StackFrame> frames) {
    return frames.anyMatch(
        frame -> frame.getMethodName().equals("doPut") && isAspect(frame.getDeclaringClass()));
  }

  /** Returns the annotated method if its proxy is on the stack, or an empty string. */
  private static String method(Stream<StackFrame> frames) {
    return frames
        .filter(frame -> frame.getClassName().contains(ClassUtils.CGLIB_CLASS_SEPARATOR))
        .findFirst()
        .map(
            frame ->
                " (method "
                    + ClassUtils.getUserClass(frame.getDeclaringClass()).getName()
                    + "."
                    + frame.getMethodName()
                    + ")")
        .orElse("");
  }
}

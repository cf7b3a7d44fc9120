package io.github.cacheinvalidation.internal.cache;

import java.lang.StackWalker.StackFrame;
import java.lang.reflect.InvocationHandler;
import java.util.stream.Stream;
import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.AbstractCacheInvoker;
import org.springframework.util.ClassUtils;

/**
 * Recognizes a put that one of Spring's cache aspects makes past the views. Spring calls the same
 * {@code put} for {@code @Cacheable} and for {@code @CachePut}, so the cache can neither publish
 * it, which a read must not cause, nor keep it to itself, which would lose a write.
 */
final class AspectPuts {

  /** Tells a method its caller; only that method itself may ask. */
  static final StackWalker STACK =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  private AspectPuts() {}

  /**
   * Refuses the put if an aspect makes it.
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
              + " published, or of @CachePut, which must"
              + STACK.walk(AspectPuts::method)
              + ". It comes from a cache aspect that does not use the starter's cache resolver: the"
              + " aspect was made by hand or before bean post-processors, it belongs to a child"
              + " context that has not been refreshed yet, a decorator hides the cache, or the"
              + " annotation is one of JSR-107. Use Spring's annotations with @EnableCaching, let"
              + " getNativeCache() of the decorator return that of the cache, or give the aspect new"
              + " ViewResolver(new SimpleCacheResolver(cacheManager)) as its cache resolver");
    }
  }

  private static boolean isAspect(Class<?> type) {
    return AbstractCacheInvoker.class.isAssignableFrom(type);
  }

  /** Looking further up takes longer, so it is left to callers that can stand in between. */
  private static boolean mayForward(Class<?> caller) {
    return Cache.class.isAssignableFrom(caller)
        || InvocationHandler.class.isAssignableFrom(caller)
        || caller.getName().startsWith("org.springframework.aop.");
  }

  private static boolean comesFromAnAspect(Stream<StackFrame> frames) {
    return frames.anyMatch(
        frame -> frame.getMethodName().equals("doPut") && isAspect(frame.getDeclaringClass()));
  }

  /** The annotated method, if its proxy is on the stack. */
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

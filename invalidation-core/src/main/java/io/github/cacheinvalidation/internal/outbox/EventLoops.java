package io.github.cacheinvalidation.internal.outbox;

import java.util.Set;

/**
 * Recognizes the threads of event loops, of Netty and Reactor, which serve many connections and
 * must not wait. The classes are known by their names, since neither library needs to be present.
 */
final class EventLoops {

  private static final Set<String> TYPES =
      Set.of(
          "io.netty.util.concurrent.FastThreadLocalThread", "reactor.core.scheduler.NonBlocking");

  private static final ClassValue<Boolean> KNOWN =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return isEventLoop(type);
        }
      };

  private EventLoops() {}

  /** Returns whether the calling thread belongs to an event loop. */
  static boolean includeCurrent() {
    return KNOWN.get(Thread.currentThread().getClass());
  }

  private static boolean isEventLoop(Class<?> type) {
    if (TYPES.contains(type.getName())) {
      return true;
    }
    for (Class<?> each : type.getInterfaces()) {
      if (isEventLoop(each)) {
        return true;
      }
    }
    Class<?> parent = type.getSuperclass();
    return parent != null && isEventLoop(parent);
  }
}

package io.github.cacheinvalidation.testing.junit;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toSet;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** Fails a test class that leaves threads of nodes behind, so that no later class is blamed. */
public final class LeftThreads implements BeforeAllCallback, AfterAllCallback {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Override
  public void beforeAll(ExtensionContext context) {
    store(context).put("before", ofNodes());
  }

  @Override
  public void afterAll(ExtensionContext context) throws InterruptedException {
    @SuppressWarnings("unchecked") // put above
    Set<Thread> before = requireNonNull(store(context).get("before", Set.class));
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!ofNodesSince(before).isEmpty()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(
            context.getDisplayName() + " left threads behind: " + ofNodesSince(before));
      }
      Thread.sleep(10);
    }
  }

  private static ExtensionContext.Store store(ExtensionContext context) {
    return context.getStore(Namespace.create(LeftThreads.class, context.getUniqueId()));
  }

  /** Returns the threads of nodes and channels that are alive. */
  public static Set<Thread> ofNodes() {
    return alive().collect(toSet());
  }

  /** Returns the names of live threads that were not alive before, each with its stack. */
  public static List<String> ofNodesSince(Set<Thread> before) {
    return alive()
        .filter(thread -> !before.contains(thread))
        .map(thread -> thread.getName() + " in " + List.of(thread.getStackTrace()))
        .toList();
  }

  private static Stream<Thread> alive() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("cache-invalidation") && thread.isAlive());
  }
}

package io.github.cacheinvalidation.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.cache.Threads;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Two nodes on one database, and the annotated methods of a shop whose result comes later, on
 * another thread than the one of the transaction in which they were called.
 */
abstract class LateResults {

  /** Is done where an entry is removed here. */
  volatile Runnable whenRemoved = () -> {};

  final Database here = Database.removing((key, value, cause) -> whenRemoved.run());

  final Database there = here.secondNode();

  final CompletableFuture<Integer> source = new CompletableFuture<>();

  private @Nullable AnnotationConfigApplicationContext context;

  LateShop shop(Class<?> advice) {
    AnnotationConfigApplicationContext created = new AnnotationConfigApplicationContext();
    context = created;
    created.registerBean(Database.class, () -> here);
    created.registerBean(PlatformTransactionManager.class, here::manager);
    created.register(advice, LateShop.class);
    created.refresh();
    return created.getBean(LateShop.class);
  }

  @AfterEach
  void close() {
    if (context != null) {
      context.close();
    }
  }

  void completeElsewhere(int value) {
    assertThat(elsewhere(() -> source.complete(value))).isEqualTo(true);
  }

  void assertThatAllSee(int price) {
    here.caches().deliverTo(there.caches());
    for (Database node : List.of(here, there)) {
      Object seen = elsewhere(() -> node.cache().get(1L, () -> node.price(1)));
      assertThat(seen).isIn(price, List.of(price));
    }
  }

  /** On another thread, which is in no transaction. */
  static @Nullable Object elsewhere(Callable<? extends @Nullable Object> work) {
    try {
      return Threads.<@Nullable Object>start(work::call).result();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }
}

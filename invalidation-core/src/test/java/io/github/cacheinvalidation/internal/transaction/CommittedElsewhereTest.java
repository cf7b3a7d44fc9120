package io.github.cacheinvalidation.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_NESTED;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_NOT_SUPPORTED;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_REQUIRES_NEW;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.internal.cache.Threads;
import io.github.cacheinvalidation.internal.cache.ViewResolver;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Caching;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.SimpleCacheResolver;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A change that is committed while a transaction of its thread is open, and whose eviction comes
 * when that transaction is current again.
 */
@Tag("G2")
class CommittedElsewhereTest {

  private final Database here = Database.create();

  private final Database there = here.secondNode();

  private final AnnotationConfigApplicationContext context =
      new AnnotationConfigApplicationContext();

  private final TransactionTemplate otherManager = new TransactionTemplate(here.secondManager());

  private Shop shop = new Shop();

  @BeforeEach
  void start() {
    context.registerBean(Database.class, () -> here);
    context.register(Advice.class, Shop.class);
    context.refresh();
    shop = context.getBean(Shop.class);
  }

  @AfterEach
  void nothingIsLeftOnTheThread() {
    context.close();
    assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
  }

  static Stream<Arguments> suspending() {
    return Stream.of(Way.values())
        .filter(way -> way != Way.PLAIN)
        .flatMap(way -> Stream.of(Operation.values()).map(each -> Arguments.of(way, each)));
  }

  static Stream<Arguments> all() {
    return Stream.of(Way.values())
        .flatMap(way -> Stream.of(Operation.values()).map(each -> Arguments.of(way, each)));
  }

  @Tag("G2.3")
  @Tag("G2.7")
  @ParameterizedTest
  @MethodSource("suspending")
  void whileTheOuterTransactionIsOpen_theNewValueIsSeenEverywhere(Way way, Operation operation) {
    here.inTransaction(
        outer -> {
          operation.call(this, () -> change(way));
          assertThatAllSee(99);
        });
    assertThatAllSee(99);
  }

  @ParameterizedTest
  @MethodSource("all")
  void outerTransactionThatCommits_leavesNothingOld(Way way, Operation operation) {
    here.inTransaction(outer -> operation.call(this, () -> change(way)));
    assertThatAllSee(99);
  }

  @Tag("G2.4")
  @ParameterizedTest
  @MethodSource("all")
  void outerTransactionThatFails_leavesNothingOld(Way way, Operation operation) {
    assertThatThrownBy(
            () ->
                here.inTransaction(
                    outer -> {
                      operation.call(this, () -> change(way));
                      throw new IllegalStateException("after the change");
                    }))
        .hasMessage("after the change");
    assertThatAllSee(99);
  }

  @Tag("G2.5")
  @ParameterizedTest
  @MethodSource("all")
  void outerTransactionMarkedForRollback_leavesNothingOld(Way way, Operation operation) {
    here.inTransaction(
        outer -> {
          operation.call(this, () -> change(way));
          outer.setRollbackOnly();
        });
    assertThatAllSee(99);
  }

  @ParameterizedTest
  @MethodSource("all")
  void nestedTransactionThatRollsBack_leavesNothingOld(Way way, Operation operation) {
    here.inTransaction(
        outer ->
            here.inTransaction(
                PROPAGATION_NESTED,
                nested -> {
                  operation.call(this, () -> change(way));
                  nested.setRollbackOnly();
                }));
    assertThatAllSee(99);
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void loadsOfTheOuterTransactionInBetween_areNotServedAfterIt(Operation operation) {
    here.inTransaction(
        outer -> {
          operation.call(
              this,
              () -> {
                here.change(2, 21);
                change(Way.REQUIRES_NEW);
              });
          Object ignored = here.cache().get(2L, () -> here.price(2));
          outer.setRollbackOnly();
        });
    assertThatAllSee(99);
    assertThat(here.cached(2L)).as("what was not committed").isNull();
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void callThatEndsItsTransactionAndBeginsAnother_isEvictedEverywhere(Operation operation) {
    TransactionStatus[] second = new TransactionStatus[1];
    TransactionStatus first = here.manager().getTransaction(null);
    operation.call(
        this,
        () -> {
          readersLoadTheOldValue();
          here.change(1, 99);
          here.manager().commit(first);
          second[0] = here.manager().getTransaction(null);
        });
    try {
      if (operation.isAnnotated()) {
        assertThatAllSee(99);
      }
    } finally {
      here.manager().rollback(second[0]);
    }
    assertThatAllSee(99);
  }

  @Tag("G2.6")
  @ParameterizedTest
  @EnumSource(Operation.class)
  void changeOfTheOuterTransactionItself_afterAnotherWasCommitted_isEvictedAfterItsCommit(
      Operation operation) {
    here.inTransaction(
        outer -> {
          here.inTransaction(PROPAGATION_REQUIRES_NEW, inner -> here.change(2, 21));
          readersLoadTheOldValue();
          operation.call(this, () -> here.change(1, 99));
          if (operation.isAnnotated()) {
            assertThat(here.published()).as("before the commit").isEmpty();
          }
        });
    assertThatAllSee(99);
  }

  private void change(Way way) {
    readersLoadTheOldValue();
    way.change(this);
  }

  private void readersLoadTheOldValue() {
    elsewhere(
        () -> {
          here.cache().get(1L, () -> here.price(1));
          return there.cache().get(1L, () -> there.price(1));
        });
  }

  private void assertThatAllSee(int price) {
    here.caches().deliverTo(there.caches());
    assertThat(elsewhere(() -> here.cache().get(1L, () -> here.price(1)))).isEqualTo(price);
    assertThat(elsewhere(() -> there.cache().get(1L, () -> there.price(1)))).isEqualTo(price);
  }

  /** On another thread, which is in no transaction. */
  private static @Nullable Object elsewhere(Callable<? extends @Nullable Object> work) {
    try {
      return Threads.<@Nullable Object>start(work::call).result();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  /** How a change is committed apart from the transaction around. */
  enum Way {
    REQUIRES_NEW {
      @Override
      void change(CommittedElsewhereTest test) {
        test.here.inTransaction(PROPAGATION_REQUIRES_NEW, inner -> test.here.change(1, 99));
      }
    },
    NOT_SUPPORTED {
      @Override
      void change(CommittedElsewhereTest test) {
        test.here.inTransaction(PROPAGATION_NOT_SUPPORTED, inner -> test.here.change(1, 99));
      }
    },
    OTHER_MANAGER {
      @Override
      void change(CommittedElsewhereTest test) {
        test.otherManager.executeWithoutResult(inner -> PLAIN.change(test));
      }
    },
    /** No transaction of this thread: a connection of its own, a remote service. */
    PLAIN {
      @Override
      void change(CommittedElsewhereTest test) {
        elsewhere(
            () -> {
              test.here.change(1, 99);
              return null;
            });
      }
    };

    abstract void change(CommittedElsewhereTest test);
  }

  /** The ways to make the key stale: annotated methods, and calls after the change. */
  enum Operation {
    EVICT,
    CLEAR,
    EVICT_BEFORE,
    CLEAR_BEFORE,
    PUT,
    CACHING,
    INVALIDATOR_EVICT,
    INVALIDATOR_EVICT_ALL,
    INVALIDATOR_CLEAR,
    CACHE_EVICT,
    CACHE_EVICT_IF_PRESENT,
    CACHE_CLEAR,
    CACHE_INVALIDATE,
    CACHE_PUT;

    boolean isAnnotated() {
      return compareTo(INVALIDATOR_EVICT) < 0;
    }

    void call(CommittedElsewhereTest test, Runnable change) {
      if (isAnnotated()) {
        annotated(test.shop, change);
      } else {
        change.run();
        afterwards(test.here);
      }
    }

    private void annotated(Shop shop, Runnable change) {
      switch (this) {
        case EVICT -> shop.evict(1, change);
        case CLEAR -> shop.clear(change);
        case EVICT_BEFORE -> shop.evictBefore(1, change);
        case CLEAR_BEFORE -> shop.clearBefore(change);
        case PUT -> shop.put(1, change);
        default -> shop.caching(1, change);
      }
    }

    private void afterwards(Database database) {
      CacheInvalidator invalidator = database.caches().manager().invalidator();
      switch (this) {
        case INVALIDATOR_EVICT -> invalidator.evict("prices", 1L);
        case INVALIDATOR_EVICT_ALL -> invalidator.evictAll("prices", List.of(1L, 3L));
        case INVALIDATOR_CLEAR -> invalidator.clear("prices");
        case CACHE_EVICT -> database.cache().evict(1L);
        case CACHE_EVICT_IF_PRESENT -> database.cache().evictIfPresent(1L);
        case CACHE_CLEAR -> database.cache().clear();
        case CACHE_INVALIDATE -> database.cache().invalidate();
        default -> database.cache().put(1L, 99);
      }
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class Advice implements CachingConfigurer {

    private final Database database;

    Advice(Database database) {
      this.database = database;
    }

    @Override
    public CacheResolver cacheResolver() {
      return new ViewResolver(new SimpleCacheResolver(database.caches().manager()));
    }
  }

  static class Shop {

    @CacheEvict(cacheNames = "prices", key = "#id")
    public void evict(long id, Runnable change) {
      change.run();
    }

    @CacheEvict(cacheNames = "prices", allEntries = true)
    public void clear(Runnable change) {
      change.run();
    }

    @CacheEvict(cacheNames = "prices", key = "#id", beforeInvocation = true)
    public void evictBefore(long id, Runnable change) {
      change.run();
    }

    @CacheEvict(cacheNames = "prices", allEntries = true, beforeInvocation = true)
    public void clearBefore(Runnable change) {
      change.run();
    }

    @CachePut(cacheNames = "prices", key = "#id")
    public int put(long id, Runnable change) {
      change.run();
      return 99;
    }

    @Caching(
        evict = {
          @CacheEvict(cacheNames = "names", allEntries = true),
          @CacheEvict(cacheNames = "prices", key = "#id")
        })
    public void caching(long id, Runnable change) {
      change.run();
    }
  }
}

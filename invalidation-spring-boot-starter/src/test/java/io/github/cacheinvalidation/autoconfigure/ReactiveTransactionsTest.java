package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cacheinvalidation.autoconfigure.JpaShop.Happened;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.reactive.AbstractReactiveTransactionManager;
import org.springframework.transaction.reactive.GenericReactiveTransaction;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import reactor.core.publisher.Mono;

/** Reactive transactions, which no cache can see: G2 depends on the order of the advice. */
@Tag("G2")
class ReactiveTransactionsTest {

  private final ApplicationContextRunner application =
      Applications.local()
          .withPropertyValues("spring.cache.cache-names=prices")
          .withUserConfiguration(Transactions.class)
          .withBean(Happened.class)
          .withBean(Shop.class);

  @Tag("G2.43")
  @Test
  void eviction_ofATransactionalMethod_isDoneAfterItsCommit() {
    onceJoined(
        context -> {
          cache(context).put(1L, 10);
          Mono<Void> change = shop(context).change(1, false);
          assertThat(cached(context)).as("assembled").isEqualTo(10);
          change.block();
          assertThat(cached(context)).isNull();
          assertThat(context.getBean(Transactions.class).events)
              .containsExactly("commit with 10 cached");
        });
  }

  @Test
  void eviction_ofATransactionalMethodThatFails_isNotDone() {
    onceJoined(
        context -> {
          cache(context).put(1L, 10);
          assertThatThrownBy(() -> shop(context).change(1, true).block()).hasMessage("on purpose");
          assertThat(cached(context)).isEqualTo(10);
          assertThat(context.getBean(Transactions.class).events)
              .containsExactly("rollback with 10 cached");
        });
  }

  @Test
  void resultsOfTransactionalMethods_areStoredAfterTheirCommit() {
    onceJoined(
        context -> {
          assertThat(shop(context).find(1).block()).isEqualTo(10);
          assertThat(cached(context)).isEqualTo(10);
          assertThat(shop(context).put(1).block()).isEqualTo(11);
          assertThat(cached(context)).isEqualTo(11);
          assertThat(context.getBean(Transactions.class).events)
              .containsExactly("commit with null cached", "commit with 10 cached");
        });
  }

  @Tag("G2.44")
  @Test
  void cacheAdviceInside_isRefusedAtTheStart() {
    application
        .withUserConfiguration(Inside.class)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasMessageContaining("ReactiveTransactionsTest$Shop.")
                    .hasMessageContaining("order 1, which is not below 0")
                    .hasMessageContaining("@EnableCaching"));
  }

  @Test
  void cacheAdviceInside_withoutReactiveMethods_isAccepted() {
    Applications.local()
        .withUserConfiguration(Inside.class, Transactions.class)
        .withBean(Blocking.class)
        .run(context -> assertThat(context).hasNotFailed());
  }

  private void onceJoined(Consumer<ApplicationContext> work) {
    application
        .withUserConfiguration(Default.class)
        .run(
            context -> {
              Happened happened = context.getBean(Happened.class);
              Awaitility.await().until(() -> happened.events().contains("joined"));
              work.accept(context);
            });
  }

  private static Shop shop(ApplicationContext context) {
    return context.getBean(Shop.class);
  }

  private static Cache cache(ApplicationContext context) {
    return Objects.requireNonNull(context.getBean(CacheManager.class).getCache("prices"));
  }

  private static @Nullable Object cached(ApplicationContext context) {
    Cache.ValueWrapper value = cache(context).get(1L);
    return value == null ? null : value.get();
  }

  static class Shop {

    @Transactional
    @CacheEvict(cacheNames = "prices", key = "#id")
    public Mono<Void> change(long id, boolean failing) {
      return failing ? Mono.error(new IllegalStateException("on purpose")) : Mono.empty();
    }

    @Transactional
    @CachePut(cacheNames = "prices", key = "#id")
    public Mono<Integer> put(long id) {
      return Mono.just(11);
    }

    @Transactional
    @Cacheable("prices")
    public Mono<Integer> find(long id) {
      return Mono.just(10);
    }
  }

  static class Blocking {

    @Transactional
    @CacheEvict("prices")
    public void change(long id) {}

    @Cacheable("prices")
    public Mono<Long> find(long id) {
      return Mono.just(id);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableTransactionManagement
  static class Default {}

  @Configuration(proxyBeanMethods = false)
  @EnableCaching(order = 1)
  @EnableTransactionManagement(order = 0)
  static class Inside {}

  /** A reactive transaction manager that records the cached value when it ends a transaction. */
  @Configuration(proxyBeanMethods = false)
  static class Transactions {

    private final List<String> events = new CopyOnWriteArrayList<>();

    @Bean
    ReactiveTransactionManager reactiveTransactionManager(CacheManager caches) {
      return new Telling(
          what -> {
            Cache cache = Objects.requireNonNull(caches.getCache("prices"));
            Cache.ValueWrapper value = cache.get(1L);
            events.add(what + " with " + (value == null ? null : value.get()) + " cached");
          });
    }
  }

  /** Begins and ends transactions of nothing. */
  static final class Telling extends AbstractReactiveTransactionManager {

    private static final long serialVersionUID = 1L;

    private final transient Consumer<String> told;

    Telling(Consumer<String> told) {
      this.told = told;
    }

    @Override
    protected Object doGetTransaction(TransactionSynchronizationManager current) {
      return new Object();
    }

    @Override
    protected Mono<Void> doBegin(
        TransactionSynchronizationManager current, Object transaction, TransactionDefinition how) {
      return Mono.empty();
    }

    @Override
    protected Mono<Void> doCommit(
        TransactionSynchronizationManager current, GenericReactiveTransaction transaction) {
      return Mono.fromRunnable(() -> told.accept("commit"));
    }

    @Override
    protected Mono<Void> doRollback(
        TransactionSynchronizationManager current, GenericReactiveTransaction transaction) {
      return Mono.fromRunnable(() -> told.accept("rollback"));
    }
  }
}

package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.cacheinvalidation.autoconfigure.JpaShop.Happened;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.cache.interceptor.SimpleCacheErrorHandler;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;

/**
 * Which code receives the exception of a cache: the application's error handler, or the caller of
 * the commit.
 */
@Tag("G2")
class CacheErrorsTest {

  @Tag("G2.42")
  @Test
  void putOfATransactionalMethod_failsAtTheErrorHandler_afterItsCommit() {
    run(
        context -> {
          assertThat(context.getBean(Shop.class).put(1)).isEqualTo("heavy");
          assertThat(errors(context)).containsExactly("put 1: too heavy");
          awaitPublished(context);
        });
  }

  @Test
  void loadOfATransactionalMethod_failsAtTheErrorHandler_afterItsCommit() {
    run(
        context -> {
          assertThat(context.getBean(Shop.class).find(1)).isEqualTo("heavy");
          assertThat(errors(context)).containsExactly("put 1: too heavy");
        });
  }

  @Test
  void putThatWasGathered_failsAtTheCallerOfTheCommit_andIsPublished() {
    run(
        context -> {
          Shop shop = context.getBean(Shop.class);
          assertThatThrownBy(() -> shop.inTransaction(() -> shop.put(1))).hasMessage("too heavy");
          assertThat(errors(context)).isEmpty();
          awaitPublished(context);
        });
  }

  private static void run(Consumer<ApplicationContext> work) {
    Applications.local()
        .withPropertyValues("spring.cache.cache-names=prices")
        .withBean(Happened.class)
        .withBean(Shop.class)
        .withUserConfiguration(Node.class)
        .run(
            context -> {
              Happened happened = context.getBean(Happened.class);
              Awaitility.await().until(() -> happened.events().contains("joined"));
              work.accept(context);
            });
  }

  private static void awaitPublished(ApplicationContext context) {
    Happened happened = context.getBean(Happened.class);
    Awaitility.await().until(() -> happened.events().contains("published 1"));
  }

  private static List<String> errors(ApplicationContext context) {
    return context.getBean(Node.class).errors;
  }

  static class Shop {

    @Transactional
    @CachePut("prices")
    public String put(long id) {
      return "heavy";
    }

    @Transactional
    @Cacheable("prices")
    public String find(long id) {
      return "heavy";
    }

    @Transactional
    public void inTransaction(Runnable work) {
      work.run();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  @EnableTransactionManagement
  static class Node implements CachingConfigurer {

    private final List<String> errors = new CopyOnWriteArrayList<>();

    @Override
    public CacheErrorHandler errorHandler() {
      return new SimpleCacheErrorHandler() {
        @Override
        public void handleCachePutError(
            RuntimeException failure, Cache cache, Object key, @Nullable Object value) {
          errors.add("put " + key + ": " + failure.getMessage());
        }
      };
    }

    @Bean
    Caffeine<Object, Object> caffeine() {
      return Caffeine.newBuilder()
          .maximumWeight(10)
          .weigher(
              (key, value) -> {
                throw new IllegalArgumentException("too heavy");
              });
    }

    @Bean
    DataSource dataSource() {
      return new DriverManagerDataSource("jdbc:h2:mem:cache-errors");
    }

    @Bean
    JdbcTransactionManager transactionManager(DataSource dataSource) {
      return new JdbcTransactionManager(dataSource);
    }
  }
}

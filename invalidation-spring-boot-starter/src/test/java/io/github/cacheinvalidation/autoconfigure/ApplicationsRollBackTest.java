package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionAspectSupport;

/** By default cache advice sees a method return after its transaction was rolled back. */
@Tag("G2")
class ApplicationsRollBackTest {

  @Test
  void resultOfAMethodThatAskedForARollback_isNotCached() {
    Applications.local()
        .withUserConfiguration(Shop.class)
        .withBean(Watch.class)
        .run(
            context -> {
              Watch.awaitJoined(context); // joining clears all entries
              Prices prices = context.getBean(Prices.class);
              Cache cache =
                  Objects.requireNonNull(context.getBean(CacheManager.class).getCache("prices"));
              assertThat(prices.change(1, 99, true)).isEqualTo(99);
              assertThat(cache.get(1L)).isNull();
              assertThat(prices.price(2, true)).isEqualTo(20);
              assertThat(cache.get(2L)).isNull();
              assertThat(prices.change(1, 11, false)).isEqualTo(11);
              assertThat(cache.get(1L, Integer.class)).isEqualTo(11);
              assertThat(prices.price(2, false)).isEqualTo(20);
              assertThat(cache.get(2L, Integer.class)).isEqualTo(20);
            });
  }

  static class Prices {

    @Transactional
    @CachePut(cacheNames = "prices", key = "#id")
    public int change(long id, int price, boolean rollingBack) {
      return result(price, rollingBack);
    }

    @Transactional
    @Cacheable(cacheNames = "prices", key = "#id")
    public int price(long id, boolean rollingBack) {
      return result(20, rollingBack);
    }

    private static int result(int price, boolean rollingBack) {
      if (rollingBack) {
        TransactionAspectSupport.currentTransactionStatus().setRollbackOnly();
      }
      return price;
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableTransactionManagement
  static class Shop {

    @Bean
    Prices prices() {
      return new Prices();
    }

    @Bean
    DataSource dataSource() {
      return new DriverManagerDataSource("jdbc:h2:mem:");
    }

    @Bean
    JdbcTransactionManager transactionManager(DataSource dataSource) {
      return new JdbcTransactionManager(dataSource);
    }
  }
}

package io.github.cacheinvalidation.autoconfigure;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.NotPublishedException;
import io.github.cacheinvalidation.testing.TestRedis;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.PostRemove;
import jakarta.persistence.PostUpdate;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;

/** Evictions by listeners of entities, which run in the flush inside the commit. */
@Tag("G5")
class CommitFlushTest {

  @Tag("G5.7")
  @Test
  void updateWhileRedisIsStopped_inAwaitMode_tellsTheCallerThatTheCommitStands() {
    changeWhileRedisIsStopped(
        items -> items.change(1, 11), items -> assertThat(items.price(1)).isEqualTo(11));
  }

  @Test
  void removalWhileRedisIsStopped_inAwaitMode_tellsTheCallerThatTheCommitStands() {
    changeWhileRedisIsStopped(
        items -> items.remove(1), items -> assertThat(items.price(1)).isNull());
  }

  private static void changeWhileRedisIsStopped(Consumer<Items> change, Consumer<Items> committed) {
    try (TestRedis redis = TestRedis.started()) {
      Applications.over(redis)
          .withConfiguration(AutoConfigurations.of(HibernateJpaAutoConfiguration.class))
          .withPropertyValues(
              "invalidation.channel=commit-flush",
              "invalidation.publish.mode=await",
              "invalidation.publish.timeout=300ms",
              "spring.jpa.hibernate.ddl-auto=create")
          .withBean(Watch.class)
          .withUserConfiguration(Listened.class)
          .run(
              context -> {
                Watch.awaitJoined(context);
                Items items = context.getBean(Items.class);
                Cache cache = requireNonNull(context.getBean(CacheManager.class).getCache("items"));
                items.create(1, 10);
                redis.stop();
                assertThatThrownBy(() -> change.accept(items))
                    .isInstanceOf(NotPublishedException.class)
                    .hasMessageContaining(
                        "was not accepted (invalidation.publish.timeout is PT0.3S)")
                    .hasMessageContaining("The write stands, its commit included");
                committed.accept(items);
                assertThat(cache.get(1L)).isNull();
                redis.start();
                Watch.patiently().until(() -> Watch.of(context).published.get() > 0);
              });
    }
  }

  /** A row whose listener evicts it. */
  @Entity(name = "Item")
  @EntityListeners(Evicting.class)
  static class Item {

    @Id private long id;

    private int price;

    protected Item() {}

    Item(long id, int price) {
      this.id = id;
      this.price = price;
    }
  }

  static class Evicting {

    private final CacheInvalidator invalidator;

    Evicting(CacheInvalidator invalidator) {
      this.invalidator = invalidator;
    }

    @PostUpdate
    @PostRemove
    void evict(Item item) {
      invalidator.evict("items", item.id);
    }
  }

  static class Items {

    @PersistenceContext private EntityManager entities;

    @Transactional
    public void create(long id, int price) {
      entities.persist(new Item(id, price));
    }

    @Transactional
    public void change(long id, int price) {
      entities.find(Item.class, id).price = price;
    }

    @Transactional
    public void remove(long id) {
      entities.remove(entities.find(Item.class, id));
    }

    public @Nullable Integer price(long id) {
      Item item = entities.find(Item.class, id);
      return item == null ? null : item.price;
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableTransactionManagement
  static class Listened {

    @Bean
    static PersistenceManagedTypes entities() {
      return PersistenceManagedTypes.of(Item.class.getName());
    }

    @Bean
    DataSource dataSource() {
      return new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    }

    @Bean
    Items items() {
      return new Items();
    }
  }
}

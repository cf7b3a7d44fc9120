package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cacheinvalidation.CacheInvalidator;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.mock.web.MockServletConfig;
import org.springframework.mock.web.MockServletContext;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;

/** The starter in a parent context, the annotated methods in a child. */
@Tag("G6")
class ContextHierarchyTest {

  private final String channel = UUID.randomUUID().toString();

  private final Map<Integer, String> database = Shop.database();

  private final Node one = new Node(channel, database);

  private final Node other = new Node(channel, database);

  /** The ways in which a child context comes about. */
  enum Kind {
    SPRING_APPLICATION {
      @Override
      ConfigurableApplicationContext child(Node node, Class<?>... configuration) {
        return new SpringApplicationBuilder(configuration)
            .parent(node.parent)
            .web(WebApplicationType.NONE)
            .initializers(context -> node.addShop(context))
            .run();
      }
    },
    PLAIN {
      @Override
      ConfigurableApplicationContext child(Node node, Class<?>... configuration) {
        AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext();
        child.setParent(node.parent);
        child.register(configuration);
        node.addShop(child);
        child.refresh();
        return child;
      }
    },
    DISPATCHER_SERVLET {
      @Override
      ConfigurableApplicationContext child(Node node, Class<?>... configuration) {
        AnnotationConfigWebApplicationContext child = new AnnotationConfigWebApplicationContext();
        child.setParent(node.parent);
        child.register(configuration);
        child.addBeanFactoryPostProcessor(
            beans -> beans.registerSingleton("database", node.database));
        child.register(ShopOfTheDatabase.class);
        try {
          new DispatcherServlet(child).init(new MockServletConfig(new MockServletContext()));
        } catch (jakarta.servlet.ServletException failure) {
          throw new AssertionError(failure);
        }
        return child;
      }
    };

    abstract ConfigurableApplicationContext child(Node node, Class<?>... configuration);
  }

  @AfterEach
  void close() {
    one.parent.close();
    other.parent.close();
  }

  @Tag("G6.3")
  @ParameterizedTest
  @EnumSource
  void readsInTurnOnTwoNodes_loadOnceEachAndPublishNothing(Kind kind) {
    try (var a = kind.child(one, Caching.class);
        var b = kind.child(other, Caching.class)) {
      for (int turn = 0; turn < 20; turn++) {
        assertThat(Shop.of(turn % 2 == 0 ? a : b).read(1)).isEqualTo("old");
      }
      assertThat(Shop.of(a).loads() + Shop.of(b).loads()).isEqualTo(2);

      Shop.of(a).write(1, "new"); // the only message, and so the first
      Watch.patiently().until(() -> Shop.of(b).read(1).equals("new"));
      assertThat(Watch.of(one.parent).published).hasValue(1);
      assertThat(Watch.of(other.parent).published).hasValue(0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void loadThatCrossesAnEviction_isNotKept(Kind kind) {
    try (var child = kind.child(one, Caching.class, Crossed.class)) {
      Crossing crossing = child.getBean(Crossing.class);
      crossing.meanwhile(() -> one.parent.getBean(CacheInvalidator.class).evict("crossed", 1));
      assertThat(crossing.read(1)).isEqualTo("1");
      assertThat(cache(one.parent, "crossed").get(1)).isNull();
      crossing.meanwhile(() -> {});
      assertThat(crossing.read(1)).isEqualTo("1");
      assertThat(cache(one.parent, "crossed").get(1)).isNotNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void readThroughTheParentsManagerByName_isKeptAndPublishesNothing(Kind kind) {
    try (var child = kind.child(one, Caching.class, Crossed.class)) {
      assertThat(child.getBean(Crossing.class).readByName(1)).isEqualTo("1");
      assertThat(cache(one.parent, "crossed").get(1)).isNotNull();
      Shop.of(child).write(1, "new"); // the only message, and so the first
      Watch.patiently().until(() -> Watch.of(one.parent).published.get() > 0);
      assertThat(Watch.of(one.parent).published).hasValue(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void childWithAManagerOfItsOwn_usesThatManager(Kind kind) {
    try (var child = kind.child(one, Caching.class, OwnManager.class)) {
      Shop shop = Shop.of(child);
      shop.read(1);
      shop.read(1);
      assertThat(shop.loads()).isEqualTo(1);
      assertThat(cache(child, "products").get(1)).isNotNull();
      assertThat(one.parent.getBean(CacheManager.class).getCacheNames()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void transactionManagerOfAChild_isListenedToOnce(Kind kind) {
    try (var child = kind.child(one, Caching.class, Transactions.class)) {
      assertThat(child.getBean(JdbcTransactionManager.class).getTransactionExecutionListeners())
          .hasSize(1);
      InTransaction methods = child.getBean(InTransaction.class);
      methods.read(1);
      assertThat(cache(one.parent, "transactional").get(1)).isNotNull();
    }
  }

  @Test
  void callWhileASpringApplicationStarts_isServed() {
    try (var child = Kind.SPRING_APPLICATION.child(one, Caching.class, EarlyCall.class)) {
      assertThat(Shop.of(child).loads()).isEqualTo(1);
      Shop.of(child).read(1);
      assertThat(Shop.of(child).loads()).isEqualTo(1);
    }
  }

  @Tag("G6.4")
  @Test
  void callWhileAPlainChildStarts_isRefusedWithTheReason() {
    assertThatThrownBy(() -> Kind.PLAIN.child(one, Caching.class, EarlyCall.class))
        .hasMessageContaining("Cache 'products' cannot tell")
        .hasMessageContaining("Shop.read")
        .hasMessageContaining("a child context that has not been refreshed yet");
    assertThat(cache(one.parent, "products").get(1)).isNull();
  }

  @Test
  void methodThatWasCalledBeforeItsContextWasRefreshed_isServedAfterwards() {
    try (var child = Kind.PLAIN.child(one, Caching.class, EarlyFailure.class)) {
      Shop shop = Shop.of(child);
      assertThat(shop.loads()).isEqualTo(1);
      shop.read(1);
      shop.read(1);
      assertThat(shop.loads()).isEqualTo(2);
    }
  }

  private static Cache cache(ApplicationContext context, String name) {
    return Objects.requireNonNull(context.getBean(CacheManager.class).getCache(name));
  }

  /** A node, whose parent context has the starter and whose child has the shop. */
  private static final class Node {

    private final Map<Integer, String> database;

    private final ConfigurableApplicationContext parent;

    Node(String channel, Map<Integer, String> database) {
      this.database = database;
      this.parent =
          new SpringApplicationBuilder(Starter.class)
              .web(WebApplicationType.NONE)
              .properties("invalidation.transport=local", "invalidation.channel=" + channel)
              .run();
      Watch.awaitJoined(parent);
    }

    void addShop(ConfigurableApplicationContext child) {
      child.addBeanFactoryPostProcessor(beans -> beans.registerSingleton("database", database));
      ((AnnotationConfigApplicationContext) child).register(ShopOfTheDatabase.class);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    AopAutoConfiguration.class,
    DataRedisAutoConfiguration.class,
    CacheAutoConfiguration.class,
    CacheInvalidationAutoConfiguration.class
  })
  static class Starter {

    @Bean
    Watch watch() {
      return new Watch();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class ShopOfTheDatabase {

    @Bean
    Shop shop(Map<Integer, String> database) {
      return new Shop(database);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class Caching {}

  static class Crossing {

    private Runnable meanwhile = () -> {};

    public void meanwhile(Runnable action) {
      meanwhile = action;
    }

    @Cacheable("crossed")
    public String read(int id) {
      meanwhile.run();
      return String.valueOf(id);
    }

    @Cacheable(cacheNames = "crossed", cacheManager = "cacheManager")
    public String readByName(int id) {
      return String.valueOf(id);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Crossed {

    @Bean
    Crossing crossing() {
      return new Crossing();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnManager {

    @Bean
    CacheManager cacheManager() {
      return new ConcurrentMapCacheManager();
    }
  }

  static class InTransaction {

    @Transactional(readOnly = true)
    @Cacheable("transactional")
    public int read(int id) {
      return id;
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableTransactionManagement
  static class Transactions {

    @Bean
    DataSource dataSource() {
      return new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID());
    }

    @Bean
    JdbcTransactionManager transactionManager(DataSource dataSource) {
      return new JdbcTransactionManager(dataSource);
    }

    @Bean
    InTransaction inTransaction() {
      return new InTransaction();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class EarlyCall {

    @Bean
    SmartInitializingSingleton earlyCall(Shop shop) {
      return () -> shop.read(1);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class EarlyFailure {

    @Bean
    SmartInitializingSingleton earlyFailure(Shop shop) {
      return () -> assertThatThrownBy(() -> shop.read(1)).isInstanceOf(IllegalStateException.class);
    }
  }
}

package io.github.cacheinvalidation.autoconfigure;

import static io.github.cacheinvalidation.testing.ThreadPerTask.THREAD_PER_TASK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import io.github.cacheinvalidation.autoconfigure.JpaShop.Happened;
import io.github.cacheinvalidation.autoconfigure.JpaShop.Prices;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

/**
 * Requests under Spring Boot's open-in-view, on one of two nodes. An entity that a request has read
 * stays in its persistence context while other nodes change the row.
 */
@Tag("G2")
@ExtendWith(OutputCaptureExtension.class)
class OpenInViewTest {

  private static final AutoConfigurations JPA =
      AutoConfigurations.of(HibernateJpaAutoConfiguration.class);

  private final String channel = UUID.randomUUID().toString();

  private final WebApplicationContextRunner web =
      new WebApplicationContextRunner()
          .withConfiguration(Applications.STARTER)
          .withConfiguration(JPA)
          .withPropertyValues(settings())
          .withUserConfiguration(JpaShop.class, Web.class);

  private final ApplicationContextRunner other =
      Applications.plain()
          .withConfiguration(JPA)
          .withPropertyValues(settings())
          .withUserConfiguration(JpaShop.class);

  private String[] settings() {
    return new String[] {
      "invalidation.transport=local",
      "invalidation.channel=" + channel,
      "spring.cache.cache-names=prices",
      "spring.jpa.hibernate.ddl-auto=create"
    };
  }

  /** The ways in which a request can come by a value. */
  enum Reading {
    PLAIN {
      @Override
      int read(Prices prices, long id) {
        return prices.cached(id);
      }
    },
    SYNC {
      @Override
      int read(Prices prices, long id) {
        return prices.cachedInOneFlight(id);
      }
    },
    READ_ONLY_TRANSACTION {
      @Override
      int read(Prices prices, long id) {
        return prices.cachedInATransaction(id);
      }
    },
    READ_WRITE_TRANSACTION {
      @Override
      int read(Prices prices, long id) {
        return prices.cachedInAReadWriteTransaction(id);
      }
    },
    WITHIN_A_TRANSACTION {
      @Override
      int read(Prices prices, long id) {
        AtomicInteger read = new AtomicInteger();
        prices.inTransaction(() -> read.set(prices.cached(id)));
        return read.get();
      }
    },
    PUT {
      @Override
      int read(Prices prices, long id) {
        return prices.put(id);
      }
    };

    abstract int read(Prices prices, long id);

    /** A row for each. */
    long id() {
      return List.of(values()).indexOf(this) + 1L;
    }
  }

  @Tag("G2.28")
  @Test
  void load_inARequestOlderThanAnInvalidation_isNotCached() {
    onTwoNodes(
        (a, b) -> {
          for (Reading reading : Reading.values()) {
            long id = reading.id();
            int seen =
                request(
                    a,
                    () -> {
                      assertThat(prices(a).read(id)).isEqualTo(10);
                      changedElsewhere(a, b, id);
                      return reading.read(prices(a), id);
                    });
            assertThat(seen).as("in the persistence context, %s", reading).isEqualTo(10);
            assertThat(cached(a, id)).as("%s", reading).isNull();
            assertThat(request(a, () -> prices(a).cached(id))).isEqualTo(11);
          }
        });
  }

  @Test
  void load_inARequestYoungerThanAnInvalidation_isCached() {
    onTwoNodes(
        (a, b) -> {
          for (Reading reading : Reading.values()) {
            long id = reading.id();
            changedElsewhere(a, b, id);
            request(
                a,
                () -> {
                  prices(a).read(id);
                  return reading.read(prices(a), id);
                });
            assertThat(cached(a, id)).as("%s", reading).isEqualTo(11);
          }
        });
  }

  @Tag("G2.29")
  @Test
  void persistenceContextWhoseOpeningWasNotSeen_storesNoLoads_andThatIsSaidOnce(
      CapturedOutput output) {
    onOneNode(
        JpaShop.class,
        a -> {
          a.getBean(LocalContainerEntityManagerFactoryBean.class)
              .setEntityManagerInitializer(manager -> {});
          for (int times = 0; times < 2; times++) {
            assertThat(request(a, () -> prices(a).cached(1))).isEqualTo(10);
            assertThat(request(a, () -> prices(a).cachedInATransaction(1))).isEqualTo(10);
            assertThat(request(a, () -> prices(a).put(1))).isEqualTo(10);
          }
          assertThat(cached(a, 1)).isNull();
          assertThat(happened(a).events())
              .filteredOn("refused prices UNSEEN_TRANSACTION"::equals)
              .hasSize(4);
          assertThat(output.toString()).containsOnlyOnce("when the persistence context was opened");
          assertThat(prices(a).cachedInATransaction(1)).isEqualTo(10);
          assertThat(cached(a, 1)).as("as old as its transaction").isEqualTo(10);
        });
  }

  @Test
  void initializerOfTheApplication_stillInitializesEntityManagers() {
    onOneNode(
        WithInitializer.class,
        a -> {
          request(a, () -> prices(a).cached(1));
          assertThat(a.getBean(WithInitializer.class).initialized).isPositive();
          assertThat(cached(a, 1)).isEqualTo(10);
        });
  }

  @Test
  void vendorAdapter_keepsItsClass() {
    web.run(
        a -> {
          assertThat(a).hasSingleBean(HibernateJpaVendorAdapter.class);
          assertThat(a.getBean(LocalContainerEntityManagerFactoryBean.class).getJpaVendorAdapter())
              .isSameAs(a.getBean(HibernateJpaVendorAdapter.class));
        });
  }

  private void onOneNode(Class<?> configuration, Consumer<WebApplicationContext> work) {
    web.withUserConfiguration(configuration)
        .run(
            a -> {
              awaitEvent(a, "joined");
              prices(a).create(1, 10);
              work.accept(a);
            });
  }

  private void onTwoNodes(BiConsumer<WebApplicationContext, ApplicationContext> work) {
    web.run(
        a ->
            other.run(
                b -> {
                  awaitEvent(a, "joined");
                  awaitEvent(b, "joined");
                  for (Reading reading : Reading.values()) {
                    prices(b).create(reading.id(), 10);
                  }
                  prices(a).cached(1); // keys of this type are in use
                  prices(a).change(1, 10);
                  work.accept(a, b);
                }));
  }

  private static void changedElsewhere(ApplicationContext here, ApplicationContext there, long id) {
    happened(here).events().clear();
    try {
      CompletableFuture.runAsync(() -> prices(there).change(id, 11), THREAD_PER_TASK)
          .get(20, TimeUnit.SECONDS);
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
    awaitEvent(here, "applied prices");
  }

  private static void awaitEvent(ApplicationContext context, String event) {
    Awaitility.await().until(() -> happened(context).events().contains(event));
  }

  private static int request(WebApplicationContext context, IntSupplier work) {
    context.getBean(Web.class).work = work;
    MockMvc mvc = MockMvcBuilders.webAppContextSetup(context).build();
    try {
      return Integer.parseInt(
          mvc.perform(get("/price")).andReturn().getResponse().getContentAsString());
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  private static @Nullable Object cached(ApplicationContext context, long id) {
    Cache cache = context.getBean(CacheManager.class).getCache("prices");
    Cache.ValueWrapper value = cache == null ? null : cache.get(id);
    return value == null ? null : value.get();
  }

  private static Prices prices(ApplicationContext context) {
    return context.getBean(Prices.class);
  }

  private static Happened happened(ApplicationContext context) {
    return context.getBean(Happened.class);
  }

  /** Runs the action of a test in a request. */
  @Configuration(proxyBeanMethods = false)
  @EnableWebMvc
  @RestController
  static class Web {

    private IntSupplier work = () -> 0;

    @GetMapping("/price")
    public String price() {
      return String.valueOf(work.getAsInt());
    }
  }

  /** An application that does something to each entity manager. */
  @Configuration(proxyBeanMethods = false)
  static class WithInitializer implements BeanPostProcessor {

    private int initialized;

    @Override
    public Object postProcessBeforeInitialization(Object bean, String beanName) {
      if (bean instanceof LocalContainerEntityManagerFactoryBean factory) {
        factory.setEntityManagerInitializer(this::initialize);
      }
      return bean;
    }

    private void initialize(EntityManager manager) {
      assertThat(manager.getEntityManagerFactory()).isInstanceOf(EntityManagerFactory.class);
      initialized++;
    }
  }
}

package io.github.cacheinvalidation.autoconfigure;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.testing.TestRedis;
import java.util.UUID;
import java.util.function.BiConsumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionAspectSupport;

/**
 * Annotated methods that commit apart from the transaction that calls them, on two nodes over one
 * database.
 */
@Tag("G2")
class ApplicationsCommitElsewhereTest {

  private static final TestRedis REDIS = TestRedis.stopped();

  private final DataSource database =
      new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");

  private final String channel = "test:" + UUID.randomUUID();

  @BeforeAll
  static void startRedis() {
    REDIS.start();
  }

  @AfterAll
  static void stopRedis() {
    REDIS.close();
  }

  @BeforeEach
  void createTable() {
    JdbcTemplate jdbc = new JdbcTemplate(database);
    jdbc.execute("create table job (id int primary key, status varchar(20))");
    jdbc.execute("insert into job values (1, 'RUNNING')");
  }

  @Tag("G2.4")
  @ParameterizedTest
  @EnumSource(Change.class)
  void outerTransactionThatThrows_allNodesSeeTheCommittedChange(Change change) {
    onTwoNodes(
        (a, b) -> {
          assertThatThrownBy(
                  () ->
                      outer(a)
                          .run(
                              () -> {
                                change.on(a);
                                throw new IllegalStateException("after the change");
                              }))
              .hasMessage("after the change");
          assertThatBothSeeFailed(a, b);
        });
  }

  @ParameterizedTest
  @EnumSource(Change.class)
  void outerTransactionMarkedForRollback_allNodesSeeTheCommittedChange(Change change) {
    onTwoNodes(
        (a, b) -> {
          outer(a)
              .run(
                  () -> {
                    change.on(a);
                    TransactionAspectSupport.currentTransactionStatus().setRollbackOnly();
                  });
          assertThatBothSeeFailed(a, b);
        });
  }

  @Tag("G2.3")
  @ParameterizedTest
  @EnumSource(value = Change.class, mode = EnumSource.Mode.EXCLUDE, names = "PLAIN")
  void outerTransactionThatIsStillOpen_allNodesSeeTheCommittedChange(Change change) {
    onTwoNodes(
        (a, b) -> {
          outer(a)
              .run(
                  () -> {
                    change.on(a);
                    assertThatBothSeeFailed(a, b);
                  });
          assertThatBothSeeFailed(a, b);
        });
  }

  @Test
  void changeOfTheOuterTransactionItself_isSeenAfterItsCommit() {
    onTwoNodes(
        (a, b) -> {
          outer(a).run(() -> jobs(a).failInTheCallersTransaction(1));
          assertThatBothSeeFailed(a, b);
        });
  }

  private void onTwoNodes(BiConsumer<ApplicationContext, ApplicationContext> work) {
    ApplicationContextRunner node =
        Applications.over(REDIS)
            .withPropertyValues("invalidation.channel=" + channel)
            .withBean(Watch.class)
            .withBean("dataSource", DataSource.class, () -> database)
            .withUserConfiguration(Node.class);
    node.run(
        a ->
            node.run(
                b -> {
                  Watch.awaitJoined(a);
                  Watch.awaitJoined(b);
                  assertThat(jobs(a).status(1)).isEqualTo("RUNNING");
                  assertThat(jobs(b).status(1)).isEqualTo("RUNNING");
                  work.accept(a, b);
                }));
  }

  private static void assertThatBothSeeFailed(ApplicationContext a, ApplicationContext b) {
    assertThat(jobs(a).status(1)).as("on the writer's own node").isEqualTo("FAILED");
    Watch.patiently().until(() -> "FAILED".equals(jobs(b).status(1)));
  }

  private static Jobs jobs(ApplicationContext context) {
    return context.getBean(Jobs.class);
  }

  private static Outer outer(ApplicationContext context) {
    return context.getBean(Outer.class);
  }

  /** Every way to commit apart from the caller's transaction. */
  enum Change {
    EVICT {
      @Override
      void on(ApplicationContext node) {
        jobs(node).fail(1);
      }
    },
    EVICT_ALL {
      @Override
      void on(ApplicationContext node) {
        jobs(node).failAndClear(1);
      }
    },
    EVICT_BEFORE_INVOCATION {
      @Override
      void on(ApplicationContext node) {
        jobs(node).evictAndFail(1);
      }
    },
    PUT {
      @Override
      void on(ApplicationContext node) {
        jobs(node).failAndPut(1);
      }
    },
    SEVERAL {
      @Override
      void on(ApplicationContext node) {
        jobs(node).failAndEvictSeveral(1);
      }
    },
    NOT_SUPPORTED {
      @Override
      void on(ApplicationContext node) {
        jobs(node).failWithoutTransaction(1);
      }
    },
    OTHER_MANAGER {
      @Override
      void on(ApplicationContext node) {
        jobs(node).failByTheOtherManager(1);
      }
    },
    INVALIDATOR {
      @Override
      void on(ApplicationContext node) {
        jobs(node).failAndNoMore(1);
        node.getBean(CacheInvalidator.class).evict("jobs", 1);
      }
    },
    /** On a connection of its own, without a transaction. */
    PLAIN {
      @Override
      void on(ApplicationContext node) {
        jobs(node).failOnAConnectionOfItsOwn(1);
      }
    };

    abstract void on(ApplicationContext node);
  }

  static class Outer {

    @Transactional
    public void run(Runnable work) {
      work.run();
    }
  }

  static class Jobs {

    private final JdbcTemplate jdbc;

    private final JdbcTemplate apart;

    Jobs(DataSource database, DataSource apart) {
      this.jdbc = new JdbcTemplate(database);
      this.apart = new JdbcTemplate(apart);
    }

    @Cacheable("jobs")
    public @Nullable String status(int id) {
      return apart.queryForObject("select status from job where id = ?", String.class, id);
    }

    @Transactional(propagation = Propagation.REQUIRES_NEW)
    @CacheEvict(cacheNames = "jobs", key = "#id")
    public void fail(int id) {
      update(jdbc, id);
    }

    @Transactional(propagation = Propagation.REQUIRES_NEW)
    @CacheEvict(cacheNames = "jobs", allEntries = true)
    public void failAndClear(int id) {
      update(jdbc, id);
    }

    @Transactional(propagation = Propagation.REQUIRES_NEW)
    @CacheEvict(cacheNames = "jobs", key = "#id", beforeInvocation = true)
    public void evictAndFail(int id) {
      update(jdbc, id);
    }

    @Transactional(propagation = Propagation.REQUIRES_NEW)
    @CachePut(cacheNames = "jobs", key = "#id")
    public String failAndPut(int id) {
      update(jdbc, id);
      return "FAILED";
    }

    @Transactional(propagation = Propagation.REQUIRES_NEW)
    @Caching(
        evict = {
          @CacheEvict(cacheNames = "summaries", allEntries = true),
          @CacheEvict(cacheNames = "jobs", key = "#id")
        })
    public void failAndEvictSeveral(int id) {
      update(jdbc, id);
    }

    @Transactional(propagation = Propagation.NOT_SUPPORTED)
    @CacheEvict(cacheNames = "jobs", key = "#id")
    public void failWithoutTransaction(int id) {
      update(jdbc, id);
    }

    @Transactional("otherManager")
    @CacheEvict(cacheNames = "jobs", key = "#id")
    public void failByTheOtherManager(int id) {
      update(apart, id);
    }

    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void failAndNoMore(int id) {
      update(jdbc, id);
    }

    @CacheEvict(cacheNames = "jobs", key = "#id")
    public void failOnAConnectionOfItsOwn(int id) {
      update(apart, id);
    }

    @Transactional
    @CacheEvict(cacheNames = "jobs", key = "#id")
    public void failInTheCallersTransaction(int id) {
      update(jdbc, id);
    }

    private static void update(JdbcTemplate connection, int id) {
      connection.update("update job set status = 'FAILED' where id = ?", id);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableTransactionManagement
  static class Node {

    @Bean
    Outer outer() {
      return new Outer();
    }

    @Bean
    Jobs jobs(DataSource dataSource) {
      return new Jobs(dataSource, apart(dataSource));
    }

    @Bean
    @Primary
    JdbcTransactionManager transactionManager(DataSource dataSource) {
      return new JdbcTransactionManager(dataSource);
    }

    @Bean
    JdbcTransactionManager otherManager(DataSource dataSource) {
      return new JdbcTransactionManager(apart(dataSource));
    }

    /** Gives connections to the same database that take no part in transactions of the first. */
    private static DataSource apart(DataSource dataSource) {
      String url = ((DriverManagerDataSource) dataSource).getUrl();
      return new DriverManagerDataSource(requireNonNull(url));
    }
  }
}

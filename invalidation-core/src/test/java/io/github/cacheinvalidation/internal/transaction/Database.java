package io.github.cacheinvalidation.internal.transaction;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalListener;
import io.github.cacheinvalidation.internal.cache.TestCaches;
import io.github.cacheinvalidation.internal.cache.Threads;
import io.github.cacheinvalidation.internal.outbox.OutboxSettings;
import io.github.cacheinvalidation.testing.RecordingObserver;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/** A node with a database of one table, and a transaction manager that can fail its commits. */
final class Database implements AutoCloseable {

  private final DataSource source;

  private final String table;

  private final int isolation;

  private final JdbcTemplate jdbc;

  private final FailingTransactionManager manager;

  private final TestCaches caches;

  private Database(
      DataSource source, String table, int isolation, TestCaches caches, boolean seen) {
    this.source = source;
    this.table = table;
    this.isolation = isolation;
    this.caches = caches;
    jdbc = new JdbcTemplate(source);
    manager = new FailingTransactionManager(source);
    List.of("prices", "names", "stock", "local").forEach(caches::cache);
    if (seen) {
      manager.addListener((TransactionExecutionListener) caches.transactions());
    }
  }

  static Database create() {
    return created(TestCaches.with(SpringTransactions::new), true);
  }

  /** A table of its own in that database, in transactions of that isolation. */
  static Database in(DataSource source, int isolation) {
    String table = "product_" + UUID.randomUUID().toString().replace("-", "");
    return new Database(source, table, isolation, TestCaches.with(SpringTransactions::new), true)
        .createTable();
  }

  private static Database created(TestCaches caches, boolean seen) {
    return new Database(h2(), "product", TransactionDefinition.ISOLATION_DEFAULT, caches, seen)
        .createTable();
  }

  private static JdbcDataSource h2() {
    JdbcDataSource source = new JdbcDataSource();
    source.setUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    return source;
  }

  private Database createTable() {
    jdbc.execute("create table " + table + " (id bigint primary key, price int)");
    jdbc.execute("insert into " + table + " values (1, 10), (2, 20)");
    return this;
  }

  /** The weigher of its caches throws at heavy values. */
  static Database picky() {
    return created(
        TestCaches.of(
            Caffeine.newBuilder()
                .maximumWeight(10)
                .weigher(
                    (key, value) -> {
                      if (value.equals("heavy")) {
                        throw new IllegalArgumentException("too heavy");
                      }
                      return 1;
                    }),
            SpringTransactions::new),
        true);
  }

  /** The listener hears of each removal on the thread that removes. */
  static Database removing(RemovalListener<Object, Object> listener) {
    return created(
        TestCaches.of(
            Caffeine.newBuilder().executor(Runnable::run).removalListener(listener),
            SpringTransactions::new),
        true);
  }

  static Database with(OutboxSettings outbox) {
    return created(TestCaches.with(SpringTransactions::new, outbox), true);
  }

  /** A transaction manager that reports to no listener. */
  static Database unseen() {
    return created(TestCaches.with(SpringTransactions::new), false);
  }

  /** Another node on the same table. */
  Database secondNode() {
    return new Database(source, table, isolation, TestCaches.with(SpringTransactions::new), true);
  }

  @Override
  public void close() {
    jdbc.execute("drop table " + table);
  }

  TestCaches caches() {
    return caches;
  }

  RecordingObserver observer() {
    return caches.observer();
  }

  List<String> published() {
    return caches.published();
  }

  Cache cache() {
    return caches.cache("prices");
  }

  Cache cache(String name) {
    return caches.cache(name);
  }

  FailingTransactionManager manager() {
    return manager;
  }

  /** Another transaction manager with a database of its own. */
  FailingTransactionManager secondManager() {
    FailingTransactionManager second = new FailingTransactionManager(h2());
    second.addListener((TransactionExecutionListener) caches.transactions());
    return second;
  }

  int price(long id) {
    return Objects.requireNonNull(
        jdbc.queryForObject("select price from " + table + " where id = ?", Integer.class, id));
  }

  int sum() {
    return Objects.requireNonNull(
        jdbc.queryForObject("select sum(price) from " + table, Integer.class));
  }

  void change(long id, int price) {
    jdbc.update("update " + table + " set price = ? where id = ?", price, id);
  }

  /** The entry of a key, seen from outside every transaction. */
  @Nullable Object cached(String name, Object key) {
    try {
      Cache.ValueWrapper wrapper = Threads.start(() -> caches.cache(name).get(key)).result();
      return wrapper == null ? null : wrapper.get();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  @Nullable Object cached(Object key) {
    return cached("prices", key);
  }

  void inTransaction(Runnable work) {
    inTransaction(definition(), status -> work.run());
  }

  void inTransaction(TransactionWork work) {
    inTransaction(definition(), work);
  }

  void inTransaction(int propagation, TransactionWork work) {
    DefaultTransactionDefinition definition = definition();
    definition.setPropagationBehavior(propagation);
    inTransaction(definition, work);
  }

  void inReadOnly(Runnable work) {
    DefaultTransactionDefinition definition = definition();
    definition.setReadOnly(true);
    inTransaction(definition, status -> work.run());
  }

  private DefaultTransactionDefinition definition() {
    DefaultTransactionDefinition definition = new DefaultTransactionDefinition();
    definition.setIsolationLevel(isolation);
    return definition;
  }

  void inTransaction(TransactionDefinition definition, TransactionWork work) {
    new TransactionTemplate(manager, definition).executeWithoutResult(work::run);
  }

  /** The work inside a transaction. */
  interface TransactionWork {
    void run(TransactionStatus status);
  }

  /** Fails the commit as it is told, and flushes inside of it as JPA does. */
  static final class FailingTransactionManager extends JdbcTransactionManager {

    private static final long serialVersionUID = 1L;

    private transient @Nullable Supplier<RuntimeException> failure;

    private boolean committedAllTheSame;

    private transient @Nullable Runnable flush;

    FailingTransactionManager(DataSource source) {
      super(source);
    }

    void failCommits(boolean committed, Supplier<RuntimeException> with) {
      committedAllTheSame = committed;
      failure = with;
    }

    void flushInCommits(Runnable work) {
      flush = work;
    }

    @Override
    protected void doCommit(DefaultTransactionStatus status) {
      Runnable work = flush;
      if (work != null) {
        work.run();
      }
      Supplier<RuntimeException> with = failure;
      if (with == null) {
        super.doCommit(status);
        return;
      }
      if (committedAllTheSame) {
        super.doCommit(status);
      }
      throw with.get();
    }
  }
}

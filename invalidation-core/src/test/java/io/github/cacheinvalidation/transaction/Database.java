package io.github.cacheinvalidation.transaction;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.cacheinvalidation.cache.RecordingObserver;
import io.github.cacheinvalidation.cache.TestCaches;
import io.github.cacheinvalidation.outbox.OutboxSettings;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
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
final class Database {

  private final JdbcTemplate jdbc;

  private final FailingTransactionManager manager;

  private final TestCaches caches;

  private Database(TestCaches caches, boolean seen) {
    JdbcDataSource source = new JdbcDataSource();
    source.setUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    jdbc = new JdbcTemplate(source);
    jdbc.execute("create table product (id bigint primary key, price int)");
    jdbc.execute("insert into product values (1, 10), (2, 20)");
    manager = new FailingTransactionManager(source);
    this.caches = caches;
    List.of("prices", "names", "stock", "local").forEach(caches::cache);
    if (seen) {
      manager.addListener((TransactionExecutionListener) caches.transactions());
    }
  }

  static Database create() {
    return new Database(TestCaches.with(SpringTransactions::new), true);
  }

  /** The weigher of its caches throws. */
  static Database picky() {
    return new Database(
        TestCaches.of(
            Caffeine.newBuilder()
                .maximumWeight(10)
                .weigher(
                    (key, value) -> {
                      throw new IllegalArgumentException("I take nothing");
                    }),
            SpringTransactions::new),
        true);
  }

  static Database with(OutboxSettings outbox) {
    return new Database(TestCaches.with(SpringTransactions::new, outbox), true);
  }

  /** A transaction manager of which nobody hears. */
  static Database unseen() {
    return new Database(TestCaches.with(SpringTransactions::new), false);
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
    JdbcDataSource source = new JdbcDataSource();
    source.setUrl("jdbc:h2:mem:" + UUID.randomUUID());
    FailingTransactionManager second = new FailingTransactionManager(source);
    second.addListener((TransactionExecutionListener) caches.transactions());
    return second;
  }

  int price(long id) {
    return Objects.requireNonNull(
        jdbc.queryForObject("select price from product where id = ?", Integer.class, id));
  }

  int sum() {
    return Objects.requireNonNull(
        jdbc.queryForObject("select sum(price) from product", Integer.class));
  }

  void change(long id, int price) {
    jdbc.update("update product set price = ? where id = ?", price, id);
  }

  /** What the cache holds for a key, seen from outside every transaction. */
  @Nullable Object cached(String name, Object key) {
    Cache.ValueWrapper wrapper = caches.cache(name).get(key);
    return wrapper == null ? null : wrapper.get();
  }

  @Nullable Object cached(Object key) {
    return cached("prices", key);
  }

  void inTransaction(Runnable work) {
    inTransaction(new DefaultTransactionDefinition(), status -> work.run());
  }

  void inTransaction(TransactionWork work) {
    inTransaction(new DefaultTransactionDefinition(), work);
  }

  void inTransaction(int propagation, TransactionWork work) {
    inTransaction(new DefaultTransactionDefinition(propagation), work);
  }

  void inReadOnly(Runnable work) {
    DefaultTransactionDefinition definition = new DefaultTransactionDefinition();
    definition.setReadOnly(true);
    inTransaction(definition, status -> work.run());
  }

  void inTransaction(TransactionDefinition definition, TransactionWork work) {
    new TransactionTemplate(manager, definition).executeWithoutResult(work::run);
  }

  /** What happens in a transaction. */
  interface TransactionWork {
    void run(TransactionStatus status);
  }

  /** Fails the commit as it is told. */
  static final class FailingTransactionManager extends JdbcTransactionManager {

    private static final long serialVersionUID = 1L;

    private transient @Nullable Supplier<RuntimeException> failure;

    private boolean committedAllTheSame;

    FailingTransactionManager(JdbcDataSource source) {
      super(source);
    }

    void failCommits(boolean committed, Supplier<RuntimeException> with) {
      committedAllTheSame = committed;
      failure = with;
    }

    @Override
    protected void doCommit(DefaultTransactionStatus status) {
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

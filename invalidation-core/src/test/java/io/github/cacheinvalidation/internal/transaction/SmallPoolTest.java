package io.github.cacheinvalidation.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.cacheinvalidation.internal.cache.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.TransactionDefinition;

/**
 * A pool of one connection, which a transaction holds: a caller in the transaction that waits for
 * another caller's connection waits for ever.
 */
@Tag("G2")
class SmallPoolTest {

  private final HikariDataSource pool = pool();

  private final Database database = Database.in(pool, TransactionDefinition.ISOLATION_DEFAULT);

  @AfterEach
  void closePool() {
    pool.close();
  }

  @Tag("G2.41")
  @Test
  void loadInATransaction_doesNotWaitForAFlightThatNeedsItsConnection() throws Exception {
    List<Threads<@Nullable Object>> others = new ArrayList<>();
    Object own = Threads.start(() -> inTheTransaction(others)).result();
    assertThat(own).isEqualTo(10);
    for (Threads<@Nullable Object> other : others) {
      assertThat(other.result()).isEqualTo(10);
    }
  }

  private @Nullable Object inTheTransaction(List<Threads<@Nullable Object>> others) {
    List<@Nullable Object> loaded = new ArrayList<>();
    database.inTransaction(
        () -> {
          database.price(2);
          others.add(Threads.start(this::load));
          awaitWaitingForTheConnection();
          others.add(Threads.<@Nullable Object>start(this::load).untilWaiting());
          loaded.add(load());
        });
    return loaded.get(0);
  }

  @Test
  void futureInATransaction_doesNotWaitForAFlightThatNeedsItsConnection() throws Exception {
    CompletableFuture<Integer> othersSource = new CompletableFuture<>();
    CompletableFuture<Integer> other = database.cache().retrieve(1L, () -> othersSource);
    Object own =
        Threads.start(
                () -> {
                  List<Integer> loaded = new ArrayList<>();
                  database.inTransaction(
                      () ->
                          loaded.add(
                              database
                                  .cache()
                                  .retrieve(
                                      1L,
                                      () -> CompletableFuture.completedFuture(database.price(1)))
                                  .join()));
                  return loaded.get(0);
                })
            .result();
    assertThat(own).isEqualTo(10);
    othersSource.complete(database.price(1));
    assertThat(other.join()).isEqualTo(10);
  }

  private @Nullable Object load() {
    return database.cache().get(1L, () -> database.price(1));
  }

  private void awaitWaitingForTheConnection() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> pool.getHikariPoolMXBean().getThreadsAwaitingConnection() == 1);
  }

  private static HikariDataSource pool() {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    config.setMaximumPoolSize(1);
    config.setConnectionTimeout(Duration.ofMinutes(1).toMillis());
    return new HikariDataSource(config);
  }
}

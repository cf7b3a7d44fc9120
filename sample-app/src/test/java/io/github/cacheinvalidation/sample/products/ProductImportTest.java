package io.github.cacheinvalidation.sample.products;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

class ProductImportTest {

  private final DriverManagerDataSource database =
      new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
  private final JdbcClient jdbc = JdbcClient.create(database);
  private final ProductTable table = new ProductTable(jdbc);

  @Test
  void emptyDatabase_isFilledWithTheProductsOfTheShop() throws Exception {
    importFrom(new ClassPathResource("products.csv"));

    assertThat(count()).isGreaterThanOrEqualTo(50);
    assertThat(table.find(7))
        .contains(new Product(7, "Burr Hand Grinder", "coffee", new BigDecimal("64.50")));
  }

  @Test
  void databaseWithProducts_isLeftAsItIs() throws Exception {
    importFrom(csv("1,Whisk,kitchen,7.90"));
    table.changePrice(1, new BigDecimal("8.40"));

    importFrom(csv("1,Whisk,kitchen,7.90\n2,Pot,kitchen,52.00"));

    assertThat(table.findByCategory("kitchen"))
        .containsExactly(new Product(1, "Whisk", "kitchen", new BigDecimal("8.40")));
  }

  @Test
  void fileWithABadLine_importsNothing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> importFrom(csv("1,Whisk,kitchen,7.90\nnonsense")));

    table.createIfMissing();
    assertThat(count()).isZero();
  }

  @Test
  void nodesThatStartTogether_importOnce() throws Exception {
    int nodes = 4;
    CyclicBarrier together = new CyclicBarrier(nodes);
    Callable<Void> node =
        () -> {
          together.await();
          importFrom(new ClassPathResource("products.csv"));
          return null;
        };
    ExecutorService threads = Executors.newFixedThreadPool(nodes);
    try {
      for (Future<Void> done : threads.invokeAll(List.of(node, node, node, node))) {
        assertSucceeded(done);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(count()).isGreaterThanOrEqualTo(50);
  }

  private static void assertSucceeded(Future<Void> done) throws InterruptedException {
    try {
      done.get();
    } catch (ExecutionException e) {
      throw new AssertionError("A node could not import the products.", e);
    }
  }

  private void importFrom(Resource csv) throws Exception {
    new ProductImport(table, new JdbcTransactionManager(database), csv).afterPropertiesSet();
  }

  private long count() {
    return jdbc.sql("SELECT COUNT(*) FROM product").query(Long.class).single();
  }

  private static Resource csv(String lines) {
    return new ByteArrayResource(
        ("id,name,category,price\n" + lines + "\n").getBytes(StandardCharsets.UTF_8));
  }
}

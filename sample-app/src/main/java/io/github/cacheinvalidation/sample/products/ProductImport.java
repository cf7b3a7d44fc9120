package io.github.cacheinvalidation.sample.products;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.io.Resource;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Inserts the products of the CSV file into the database, all or none, if the table is empty. Runs
 * on every node before the node answers its first request. Only the first node inserts the rows.
 */
@Component
class ProductImport implements InitializingBean {

  private final ProductTable table;
  private final TransactionTemplate transaction;
  private final Resource csv;

  ProductImport(
      ProductTable table,
      PlatformTransactionManager transactions,
      @Value("classpath:products.csv") Resource csv) {
    this.table = table;
    this.transaction = new TransactionTemplate(transactions);
    this.csv = csv;
  }

  @Override
  public void afterPropertiesSet() throws IOException {
    List<Product> products = products();
    try {
      importInto(products);
    } catch (DuplicateKeyException another) {
      // Another node created the table or the rows at the same time. Its transaction has ended,
      // so the second attempt finds them.
      importInto(products);
    }
  }

  private void importInto(List<Product> products) {
    table.createIfMissing();
    transaction.executeWithoutResult(
        status -> {
          if (table.isEmpty()) {
            products.forEach(table::insert);
          }
        });
  }

  private List<Product> products() throws IOException {
    try (Reader reader = new InputStreamReader(csv.getInputStream(), StandardCharsets.UTF_8)) {
      return ProductCsv.read(reader);
    }
  }
}

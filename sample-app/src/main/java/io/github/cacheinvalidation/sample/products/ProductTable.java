package io.github.cacheinvalidation.sample.products;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table {@code product}. Its SQL works with H2 and PostgreSQL. */
@Repository
class ProductTable {

  private final JdbcClient jdbc;

  ProductTable(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  void createIfMissing() {
    jdbc.sql(
            """
            CREATE TABLE IF NOT EXISTS product (
              id BIGINT PRIMARY KEY,
              name VARCHAR(200) NOT NULL,
              category VARCHAR(60) NOT NULL,
              price NUMERIC(10, 2) NOT NULL
            )""")
        .update();
  }

  boolean isEmpty() {
    return jdbc.sql("SELECT COUNT(*) FROM product").query(Long.class).single() == 0;
  }

  void insert(Product product) {
    jdbc.sql("INSERT INTO product (id, name, category, price) VALUES (?, ?, ?, ?)")
        .params(product.id(), product.name(), product.category(), product.price())
        .update();
  }

  Optional<Product> find(long id) {
    return jdbc.sql("SELECT id, name, category, price FROM product WHERE id = ?")
        .param(id)
        .query(Product.class)
        .optional();
  }

  List<Product> findByCategory(String category) {
    return List.copyOf(
        jdbc.sql("SELECT id, name, category, price FROM product WHERE category = ? ORDER BY id")
            .param(category)
            .query(Product.class)
            .list());
  }

  void changePrice(long id, BigDecimal price) {
    jdbc.sql("UPDATE product SET price = ? WHERE id = ?").params(price, id).update();
  }

  void delete(long id) {
    jdbc.sql("DELETE FROM product WHERE id = ?").param(id).update();
  }
}

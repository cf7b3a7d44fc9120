package io.github.cacheinvalidation.sample.page;

import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The rows of the database that the page shows: what every cache should hold. Reads through the
 * first running node; while none runs, the rows are those read last. Safe for use by any thread.
 */
final class Database {

  /** Four products of one category. */
  static final List<Long> SHOWN = List.of(1L, 4L, 6L, 7L);

  private final List<PageNode> nodes;
  private volatile List<PageState.Row> last = List.of();

  Database(List<PageNode> nodes) {
    this.nodes = nodes;
  }

  /** Returns the present rows in ascending order of their ids. */
  List<PageState.Row> rows() {
    for (PageNode node : nodes) {
      DataSource source = node.database();
      if (source != null) {
        last =
            List.copyOf(
                JdbcClient.create(source)
                    .sql("SELECT id, name, price FROM product WHERE id IN (:ids) ORDER BY id")
                    .param("ids", SHOWN)
                    .query(PageState.Row.class)
                    .list());
        return last;
      }
    }
    return last;
  }

  Optional<PageState.Row> row(long id) {
    return rows().stream().filter(row -> row.id() == id).findFirst();
  }
}

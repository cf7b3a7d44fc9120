package io.github.cacheinvalidation.internal.transaction;

import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A database for tests. Where the real ones are can be said by the environment, for instance {@code
 * INVALIDATION_TEST_POSTGRESQL_URL}, {@code _USER} and {@code _PASSWORD}.
 */
enum DatabaseServer {
  H2("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", ""),
  POSTGRESQL("jdbc:postgresql://127.0.0.1:5432/test", "postgres"),
  MARIADB("jdbc:mariadb://127.0.0.1:3306/test", "root");

  private final String url;

  private final String user;

  DatabaseServer(String url, String user) {
    this.url = setting("URL", url);
    this.user = setting("USER", user);
  }

  /** Returns the database, or fails with the remedy. */
  DataSource dataSource() {
    DataSource source = new DriverManagerDataSource(url, user, setting("PASSWORD", ""));
    try {
      source.getConnection().close();
      return source;
    } catch (SQLException unreachable) {
      throw new IllegalStateException(
          "No answer from "
              + url
              + " for the user "
              + user
              + ". Start a server there, or say where one is with "
              + variable("URL")
              + ", "
              + variable("USER")
              + " and "
              + variable("PASSWORD"),
          unreachable);
    }
  }

  private String setting(String what, String otherwise) {
    String value = System.getenv(variable(what));
    return value == null ? otherwise : value;
  }

  private String variable(String what) {
    return "INVALIDATION_TEST_" + name() + "_" + what;
  }
}

package io.github.cacheinvalidation.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A database whose commits succeed while their acknowledgements get lost. */
public final class LostAcknowledgements extends DelegatingDataSource {

  private volatile boolean losing;

  /** Makes a database that can lose its answers and does not do so yet. */
  public LostAcknowledgements(DataSource database) {
    super(database);
  }

  /** Loses the answers to all commits from now on, or no more. */
  public void lose(boolean all) {
    losing = all;
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = super.getConnection();
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              try {
                Object answer = method.invoke(connection, arguments);
                if (losing && method.getName().equals("commit")) {
                  throw new SQLException("the answer got lost", "08007");
                }
                return answer;
              } catch (InvocationTargetException failure) {
                throw failure.getTargetException();
              }
            });
  }
}

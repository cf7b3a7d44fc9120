package io.github.cacheinvalidation.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * The network between clients and a server, with the faults of routers, firewalls and cables. It
 * forwards bytes until a test asks for something else.
 *
 * <table>
 * <caption>Faults</caption>
 * <tr><th>fault</th><th>method</th></tr>
 * <tr><td>a half-open connection</td><td>{@link #swallow}: nothing passes any more, both ends
 *     believe that they are connected</td></tr>
 * <tr><td>an end that reads no more</td><td>{@link #freeze}, then {@link #thaw}</td></tr>
 * <tr><td>a broken connection</td><td>{@link #cut}</td></tr>
 * <tr><td>an outage of the network</td><td>{@link #refuse}, then {@link #accept}</td></tr>
 * <tr><td>a failover</td><td>{@link #moveTo}</td></tr>
 * </table>
 */
public final class TcpProxy implements AutoCloseable {

  private static final int REMEMBERED = 1 << 20;

  private final ServerSocket listener;
  private final List<Connection> connections = new CopyOnWriteArrayList<>();
  private volatile InetSocketAddress target;
  private volatile boolean refusing;

  /** Opens a port that leads to a server. */
  public TcpProxy(TestRedis server) {
    this.target = address(server);
    try {
      this.listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    daemon(this::acceptAll, "tcp-proxy-accept");
  }

  private static InetSocketAddress address(TestRedis server) {
    return new InetSocketAddress(server.host(), server.port());
  }

  private static void daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns the port that leads to the server. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Returns the open connections that a test means, such as those that have sent some text. */
  public List<Connection> connections(Predicate<Connection> which) {
    return connections.stream().filter(each -> !each.closed && which.test(each)).toList();
  }

  /** Lets nothing pass on these connections, for good; returns how many there were. */
  public int swallow(Predicate<Connection> which) {
    List<Connection> swallowed = connections(which);
    swallowed.forEach(each -> each.swallowed = true);
    return swallowed.size();
  }

  /** Stops reading the server's data on these connections; returns how many there were. */
  public int freeze(Predicate<Connection> which) {
    List<Connection> frozen = connections(which);
    frozen.forEach(each -> each.freeze(true));
    return frozen.size();
  }

  /** Reads again. */
  public void thaw() {
    connections.forEach(each -> each.freeze(false));
  }

  /** Closes these connections; returns how many there were. */
  public int cut(Predicate<Connection> which) {
    List<Connection> cut = connections(which);
    cut.forEach(Connection::close);
    return cut.size();
  }

  /** Closes all connections, and each new one at once. */
  public void refuse() {
    refusing = true;
    cut(each -> true);
  }

  /** Accepts connections again. */
  public void accept() {
    refusing = false;
  }

  /** Closes all connections, and leads new ones to another server. */
  public void moveTo(TestRedis other) {
    target = address(other);
    cut(each -> true);
  }

  private void acceptAll() {
    while (!listener.isClosed()) {
      try {
        accepted(listener.accept());
      } catch (IOException ended) {
        // the client, the server or this proxy is gone
      }
    }
  }

  private void accepted(Socket client) throws IOException {
    Socket server = new Socket();
    try {
      if (refusing) {
        throw new IOException("refused");
      }
      server.connect(target);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
    } catch (IOException failure) {
      close(client);
      close(server);
      throw failure;
    }
    Connection connection = new Connection(client, server);
    connections.add(connection);
    connection.start();
    if (refusing) {
      connection.close(); // it came while the refusing began
    }
  }

  private static void close(Closeable socket) {
    try {
      socket.close();
    } catch (IOException closedAlready) {
      // nothing to do
    }
  }

  /** Closes the port and every connection. */
  @Override
  public void close() {
    close(listener);
    thaw();
    connections.forEach(Connection::close);
  }

  /** A connection of a client. */
  public static final class Connection {

    private final Socket client;
    private final Socket server;
    private final StringBuilder sent = new StringBuilder();
    private volatile boolean swallowed;
    private volatile boolean closed;
    private boolean frozen;

    private Connection(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    private void start() {
      daemon(() -> pump(client, server, true), "tcp-proxy-to-server");
      daemon(() -> pump(server, client, false), "tcp-proxy-to-client");
    }

    /** Whether the client has sent a text, among the first that it sent at all. */
    public boolean hasSent(String text) {
      synchronized (sent) {
        return sent.indexOf(text) >= 0;
      }
    }

    /** Whether the client has subscribed to something. */
    public boolean isSubscriber() {
      return hasSent("SUBSCRIBE");
    }

    /** Whether the client waits for entries of a stream. */
    public boolean isReader() {
      return hasSent("XREAD");
    }

    /** Whether the client has published a message. */
    public boolean isPublisher() {
      return hasSent("\"caches\"");
    }

    /** Whether the client is a node's connection that checks and reads the log. */
    public boolean isChecker() {
      return !isSubscriber() && !isReader() && !isPublisher();
    }

    private void pump(Socket from, Socket to, boolean fromClient) {
      byte[] buffer = new byte[8192];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        int count = in.read(buffer);
        while (count >= 0) {
          if (fromClient) {
            remember(buffer, count);
          } else {
            awaitThaw();
          }
          if (!swallowed) {
            out.write(buffer, 0, count);
          }
          count = in.read(buffer);
        }
      } catch (IOException ended) {
        // so is the other direction
      }
      if (swallowed) {
        return; // the other end is not told
      }
      close();
    }

    private void remember(byte[] bytes, int count) {
      synchronized (sent) {
        if (sent.length() < REMEMBERED) {
          sent.append(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
        }
      }
    }

    private synchronized void freeze(boolean value) {
      frozen = value;
      notifyAll();
    }

    private synchronized void awaitThaw() throws IOException {
      try {
        while (frozen) {
          wait();
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IOException(interrupted);
      }
    }

    private void close() {
      closed = true;
      TcpProxy.close(client);
      TcpProxy.close(server);
    }
  }
}

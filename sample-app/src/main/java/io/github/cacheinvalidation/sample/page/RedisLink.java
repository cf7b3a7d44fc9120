package io.github.cacheinvalidation.sample.page;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The network between one node and Redis: a port of the loopback interface that forwards bytes to
 * the server until the link is cut. Each connection has two threads. Safe for use by any thread.
 */
final class RedisLink implements AutoCloseable {

  private final ServerSocket listener;
  private final InetSocketAddress server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;

  /** Opens a free port that leads to the server on a port of the loopback interface. */
  RedisLink(int serverPort) {
    server = new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort);
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException("There is no free port for a link to Redis.", e);
    }
    run(this::acceptAll, "link-accept");
  }

  int port() {
    return listener.getLocalPort();
  }

  boolean isCut() {
    return cut;
  }

  /** Closes all connections, and every new one at once. */
  void cut() {
    cut = true;
    sockets.forEach(RedisLink::close);
  }

  /** Lets new connections through again. */
  void connect() {
    cut = false;
  }

  @Override
  public void close() {
    close(listener);
    cut();
  }

  private void acceptAll() {
    while (!listener.isClosed()) {
      try {
        forward(listener.accept());
      } catch (IOException ended) {
        // The server or the link is closed. The client connects again.
      }
    }
  }

  private void forward(Socket client) throws IOException {
    Socket upstream = new Socket();
    sockets.add(client);
    sockets.add(upstream);
    try {
      if (cut) {
        throw new IOException("The link is cut.");
      }
      upstream.connect(server);
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
    } catch (IOException e) {
      end(client, upstream);
      throw e;
    }
    run(() -> pump(client, upstream), "link-to-redis");
    run(() -> pump(upstream, client), "link-to-node");
    if (cut) { // cut() may have run before the sockets were in the set
      end(client, upstream);
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[8192];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        out.write(buffer, 0, count);
      }
    } catch (IOException ended) {
      // One end is closed; the other end is closed below.
    }
    end(from, to);
  }

  private void end(Socket one, Socket other) {
    close(one);
    close(other);
    sockets.remove(one);
    sockets.remove(other);
  }

  private static void run(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException alreadyClosed) {
      // There is nothing left to close.
    }
  }
}

package io.github.cacheinvalidation.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A TCP proxy between one node and Redis. Its connections can be cut and restored. */
final class Cable implements AutoCloseable {

  private final ServerSocket listener;
  private final int target;
  private final List<Socket> ends = new CopyOnWriteArrayList<>();
  private volatile boolean cut;

  Cable(Server server) {
    this.target = server.port();
    try {
      this.listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    daemon(this::acceptAll);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Closes all connections, and from now on each new connection immediately. */
  void cut() {
    cut = true;
    ends.forEach(Cable::close);
    ends.clear();
  }

  /** Accepts new connections again. */
  void mend() {
    cut = false;
  }

  private void acceptAll() {
    while (!listener.isClosed()) {
      try {
        connect(listener.accept());
      } catch (IOException ended) {
        // this cable was closed, or the client has disconnected
      }
    }
  }

  private void connect(Socket client) throws IOException {
    ends.add(client);
    Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
    ends.add(server);
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
    daemon(() -> pump(client, server));
    daemon(() -> pump(server, client));
    if (cut) {
      close(client);
      close(server);
    }
  }

  private static void pump(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException ended) {
      // the other end is closed below
    }
    close(from);
    close(to);
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "cable");
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException closedAlready) {
      // the socket is closed already
    }
  }

  @Override
  public void close() {
    cut();
    try {
      listener.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}

package io.github.cacheinvalidation.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;

/** TCP ports of this machine. */
final class Ports {

  private Ports() {}

  /** Returns a port on which no process listens now. */
  static int free() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("There is no free port.", e);
    }
  }

  /**
   * Checks that no process listens on a port.
   *
   * @param setting the property that changes the port, for the error message
   * @throws ShopStartException if the port cannot be opened
   */
  static void requireFree(int port, String setting) {
    try {
      new ServerSocket(port).close();
    } catch (IOException e) {
      throw new ShopStartException(
          "Port "
              + port
              + " is in use, or may not be opened. Stop the process that uses it, or set another"
              + " with "
              + setting
              + ".",
          e);
    }
  }
}

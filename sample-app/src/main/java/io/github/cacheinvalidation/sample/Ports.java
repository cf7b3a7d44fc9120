package io.github.cacheinvalidation.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;

/** TCP ports of this machine. */
final class Ports {

  private Ports() {}

  /** Returns a port that nobody listens on at this moment. */
  static int free() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("There is no free port.", e);
    }
  }

  /**
   * Makes sure that nobody listens on a port.
   *
   * @param setting the setting that moves it, for the message
   * @throws ShopStartException if somebody does
   */
  static void requireFree(int port, String setting) {
    try {
      new ServerSocket(port).close();
    } catch (IOException e) {
      throw new ShopStartException(
          "Port "
              + port
              + " is in use, or may not be opened: stop what listens there, or choose another with "
              + setting
              + ".",
          e);
    }
  }
}

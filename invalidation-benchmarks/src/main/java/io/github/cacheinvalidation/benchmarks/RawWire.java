package io.github.cacheinvalidation.benchmarks;

import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * A hand-written way from one sender to several receivers. Each has a client of its own. Bodies are
 * neither verified nor sent again.
 */
interface RawWire extends AutoCloseable {

  /** How the names of channels and keys of all wires begin. */
  String PREFIX = "raw-";

  /** Sends a body. The future is done when Redis has answered. */
  Future<?> send(byte[] body);

  /**
   * Adds a receiver, before the first body is sent. Returns when the receiver hears all bodies.
   *
   * @param target takes each body, in the order of sending, on a thread of the receiver
   */
  void receive(Consumer<byte[]> target);

  /** Throws if a receiver may have missed a body. */
  void requireValid();

  @Override
  void close();
}

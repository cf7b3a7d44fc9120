package io.github.cacheinvalidation.sample;

import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** Neighbouring ports below those that the system gives to clients. */
final class FreePorts {

  private FreePorts() {}

  /** Returns the first of so many neighbouring ports without a listener at this moment. */
  static int firstOf(int count) {
    while (true) {
      int first = ThreadLocalRandom.current().nextInt(20_000, 30_000);
      if (IntStream.range(first, first + count).allMatch(FreePorts::isFree)) {
        return first;
      }
    }
  }

  private static boolean isFree(int port) {
    try {
      Ports.requireFree(port, "the test");
      return true;
    } catch (ShopStartException e) {
      return false;
    }
  }
}

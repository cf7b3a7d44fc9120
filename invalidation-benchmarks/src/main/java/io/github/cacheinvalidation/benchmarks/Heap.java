package io.github.cacheinvalidation.benchmarks;

/** The heap of this JVM. */
final class Heap {

  private Heap() {}

  /** Returns the least that several full collections in a row leave. */
  static double usedBytes() {
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
    }
    return used;
  }
}

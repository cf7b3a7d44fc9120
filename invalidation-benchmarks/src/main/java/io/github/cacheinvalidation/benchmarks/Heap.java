package io.github.cacheinvalidation.benchmarks;

/** The heap of this JVM. */
final class Heap {

  private Heap() {}

  /** Returns the smallest used heap after several full collections. */
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

package io.github.cacheinvalidation.benchmarks;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongFunction;
import org.springframework.cache.interceptor.SimpleKey;

/**
 * Compares how long two builds of the core take to write a key. Both run in this JVM, in turns of
 * some milliseconds, each in a class loader of its own. The processor time of the thread is
 * measured, which does not contain the waits for a processor on a busy machine.
 */
final class EncodeKeys {

  private static final String ENCODER = "io.github.cacheinvalidation.internal.key.KeyEncoder";

  private static final int KEYS = 1024;

  private static final int WARM_UP = 1_000;

  private static final int ROUNDS = 501;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private EncodeKeys() {}

  /** A key with two components. */
  record Price(long product, String language) {}

  /** How a key of each kind is made from a number. */
  private static Map<String, LongFunction<Object>> kinds() {
    Map<String, LongFunction<Object>> kinds = new LinkedHashMap<>();
    kinds.put("Long", number -> number);
    kinds.put("String", number -> "product-" + number);
    kinds.put("record", number -> new Price(number, "de"));
    kinds.put("SimpleKey", number -> new SimpleKey(number, "de"));
    return kinds;
  }

  /** Takes the classes of the older build and those of the newer one, as directories or jars. */
  public static void main(String[] builds) throws Throwable {
    MethodHandle older = encoder(builds[0]);
    MethodHandle newer = encoder(builds[1]);
    for (Map.Entry<String, LongFunction<Object>> kind : kinds().entrySet()) {
      Object[] keys = new Object[KEYS];
      Arrays.setAll(keys, i -> kind.getValue().apply(1_000_000L + i));
      double[] before = new double[ROUNDS];
      double[] after = new double[ROUNDS];
      double[] ratios = new double[ROUNDS];
      for (int round = -WARM_UP; round < ROUNDS; round++) {
        double old = nanos(older, keys);
        double current = nanos(newer, keys);
        if (round >= 0) {
          before[round] = old;
          after[round] = current;
          ratios[round] = current / old;
        }
      }
      System.out.printf(
          Locale.ROOT,
          "%-10s %6.0f ns %6.0f ns, ratio %.2f, half of the rounds %.2f to %.2f%n",
          kind.getKey(),
          quantile(before, 0.5),
          quantile(after, 0.5),
          quantile(ratios, 0.5),
          quantile(ratios, 0.25),
          quantile(ratios, 0.75));
    }
  }

  private static MethodHandle encoder(String classes) throws Throwable {
    URL[] path = {Path.of(classes).toUri().toURL()};
    Class<?> type = Class.forName(ENCODER, true, new CoreFirst(path));
    Object encoder = type.getConstructor(List.class).newInstance(List.of());
    return MethodHandles.publicLookup()
        .findVirtual(type, "encode", MethodType.methodType(byte[].class, Object.class))
        .bindTo(encoder)
        .asType(MethodType.methodType(Object.class, Object.class));
  }

  private static double nanos(MethodHandle encoder, Object[] keys) throws Throwable {
    long begin = THREADS.getCurrentThreadCpuTime();
    for (Object key : keys) {
      if ((Object) encoder.invokeExact(key) == null) {
        throw new IllegalStateException("not encoded: " + key);
      }
    }
    return (double) (THREADS.getCurrentThreadCpuTime() - begin) / keys.length;
  }

  private static double quantile(double[] values, double share) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) (share * (sorted.length - 1))];
  }

  /** Loads the core from one build, and all else as usual. */
  private static final class CoreFirst extends URLClassLoader {

    CoreFirst(URL[] path) {
      super(path, EncodeKeys.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded == null
            && name.startsWith("io.github.cacheinvalidation.")
            && !name.startsWith(EncodeKeys.class.getPackageName())) {
          loaded = findClass(name);
        }
        return loaded == null ? super.loadClass(name, resolve) : loaded;
      }
    }
  }
}

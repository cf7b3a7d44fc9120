package io.github.cacheinvalidation.autoconfigure;

import static io.github.cacheinvalidation.autoconfigure.Watch.awaitJoined;
import static io.github.cacheinvalidation.autoconfigure.Watch.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.testing.TestRedis;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.metrics.CacheMetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;

/** Ten applications one after the other in one JVM, each in a class loader of its own. */
@Tag("G9")
class NothingLeftBehindTest {

  private static final int APPLICATIONS = 10;

  /** The last record whose equals or toString ran: java.lang.runtime.ObjectMethods remembers it. */
  private static final int KEPT_BY_JAVA = 1;

  private static final String PACKAGE = "io.github.cacheinvalidation.";

  private static final TestRedis REDIS = TestRedis.stopped();

  @BeforeAll
  static void startRedis() {
    REDIS.start();
  }

  @AfterAll
  static void stopRedis() {
    REDIS.close();
  }

  @Tag("G9.5")
  @ParameterizedTest
  @ValueSource(strings = {"lettuce", "jedis"})
  void tenApplications_leaveNothingBehind(String client) throws Exception {
    String channel = "left-behind:" + client;
    MeterRegistry registry = new LastingRegistry();
    new Application()
        .accept(settings(client, channel), new LastingRegistry()); // starts threads of others
    Set<String> threadsBefore = threads();
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();

    for (int i = 0; i < APPLICATIONS; i++) {
      loaders.add(runInItsOwnClassLoader(settings(client, channel), registry));
      assertThat(registry.getMeters())
          .extracting(NothingLeftBehindTest::name)
          .noneMatch(name -> name.startsWith("invalidation."));
    }

    REDIS.awaitNoClientNamed("invalidation:left-behind");
    assertThat(REDIS.command("PUBSUB", "NUMSUB", channel)).isEqualTo(List.of(channel, "0"));
    patiently().untilAsserted(() -> assertThat(threads()).isSubsetOf(threadsBefore));
    assertThat((List<?>) REDIS.command("KEYS", "*"))
        .isNotEmpty()
        .allSatisfy(key -> assertThat(secondsToLive(key)).isPositive());
    patiently()
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(() -> assertThat(aliveOf(loaders)).hasSizeLessThanOrEqualTo(KEPT_BY_JAVA));
  }

  private static String[] settings(String client, String channel) {
    return new String[] {
      "spring.data.redis.host=" + REDIS.host(),
      "spring.data.redis.port=" + REDIS.port(),
      "spring.data.redis.client-type=" + client,
      "invalidation.channel=" + channel,
      "invalidation.node-name=left-behind"
    };
  }

  /** Runs the application on a thread of its own, since threads remember class loaders too. */
  private static WeakReference<ClassLoader> runInItsOwnClassLoader(
      String[] settings, MeterRegistry registry) throws Exception {
    List<Throwable> failures = new ArrayList<>();
    OwnClasses loader = new OwnClasses();
    Thread thread =
        new Thread(
            () -> {
              try {
                run(loader, settings, registry);
              } catch (Throwable failure) {
                failures.add(failure);
              }
            });
    thread.setContextClassLoader(loader);
    thread.start();
    thread.join();
    assertThat(failures).isEmpty();
    return new WeakReference<>(loader);
  }

  @SuppressWarnings("unchecked") // it is the class below, in another class loader
  private static void run(ClassLoader loader, String[] settings, MeterRegistry registry)
      throws Exception {
    Class<?> application = loader.loadClass(Application.class.getName());
    assertThat(application).isNotSameAs(Application.class);
    ((BiConsumer<String[], MeterRegistry>) application.getDeclaredConstructor().newInstance())
        .accept(settings, registry);
  }

  /**
   * Returns the class loaders that are alive after softly reachable objects, too, were collected.
   */
  private static List<ClassLoader> aliveOf(List<WeakReference<ClassLoader>> loaders) {
    try {
      exhaustMemory();
    } catch (OutOfMemoryError expected) {
      assertThat(expected).isNotNull();
    }
    return loaders.stream().map(WeakReference::get).filter(Objects::nonNull).toList();
  }

  /**
   * Java clears every soft reference before an OutOfMemoryError; the requested memory is never
   * touched.
   */
  private static void exhaustMemory() {
    Object tooMuch = null;
    while (true) {
      tooMuch = new Object[] {tooMuch, new long[Integer.MAX_VALUE - 8]};
    }
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(
            name -> !name.startsWith("ForkJoinPool.commonPool") && !name.startsWith("awaitility"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static long secondsToLive(Object key) {
    return Long.parseLong(String.valueOf(REDIS.command("TTL", String.valueOf(key))));
  }

  private static String name(Meter meter) {
    return meter.getId().getName();
  }

  /** The code that runs in a class loader of its own. */
  public static final class Application implements BiConsumer<String[], MeterRegistry> {

    /** Made by name. */
    public Application() {}

    @Override
    public void accept(String[] settings, MeterRegistry registry) {
      Shop.in(Applications.plain(), Shop.database())
          .withConfiguration(
              AutoConfigurations.of(
                  MetricsAutoConfiguration.class, CacheMetricsAutoConfiguration.class))
          .withBean(MeterRegistry.class, () -> registry)
          .withPropertyValues(settings)
          .run(
              context -> {
                awaitJoined(context);
                Shop shop = Shop.of(context);
                shop.read(1);
                shop.write(1, "new");
                patiently()
                    .until(
                        () ->
                            registry.get("invalidation.published.keys").functionCounter().count()
                                == 1);
              });
    }
  }

  /** Stays open, as a resource of another owner does. */
  private static final class LastingRegistry extends SimpleMeterRegistry {

    @Override
    public void close() {}
  }

  /** Loads the classes of this project anew, and takes all others from its parent. */
  private static final class OwnClasses extends ClassLoader {

    OwnClasses() {
      super(NothingLeftBehindTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(PACKAGE)) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      try (InputStream bytes = getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (bytes == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] code = bytes.readAllBytes();
        return defineClass(name, code, 0, code.length);
      } catch (IOException unreadable) {
        throw new ClassNotFoundException(name, unreadable);
      }
    }
  }
}

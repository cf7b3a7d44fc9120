package io.github.cacheinvalidation.sample.page;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.sample.products.Product;
import io.github.cacheinvalidation.sample.products.ShopNode;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.CacheManager;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/**
 * One node of the shop: an application context that can be stopped and started again, and its link
 * to Redis. Safe for use by any thread; {@link #start} and {@link #stop} block.
 */
final class PageNode {

  static final String PRODUCTS = "products";
  static final String LISTS = "products-by-category";
  static final String CATEGORY = "coffee";

  private final int number;
  private final int port;
  private final List<String> args;
  private final @Nullable RedisLink link;
  private final NodeEvents events;
  private final URI page;
  private volatile Life life = Life.STOPPED;
  private volatile @Nullable Running running;

  PageNode(
      int number,
      int port,
      List<String> args,
      @Nullable RedisLink link,
      NodeEvents events,
      URI page) {
    this.number = number;
    this.port = port;
    this.args = List.copyOf(args);
    this.link = link;
    this.events = events;
    this.page = page;
  }

  int number() {
    return number;
  }

  String title() {
    return "Node " + number;
  }

  int port() {
    return port;
  }

  @Nullable RedisLink link() {
    return link;
  }

  boolean isRunning() {
    return running != null;
  }

  /** Returns whether the link to Redis is whole. Redis itself may be stopped. */
  boolean isLinked() {
    return link == null || !link.isCut();
  }

  /** Starts the node if it does not run, and returns when it answers requests. */
  synchronized void start() {
    if (running != null) {
      return;
    }
    life = Life.STARTING;
    NodeProbe probe = new NodeProbe(number, events);
    try {
      ConfigurableApplicationContext context =
          new SpringApplicationBuilder(ShopNode.class)
              .registerShutdownHook(false)
              .initializers(
                  (GenericApplicationContext fresh) -> {
                    fresh.registerBean(NodeProbe.class, () -> probe);
                    fresh.registerBean(NodeHome.class, () -> new NodeHome(page));
                  })
              .run(args.toArray(String[]::new));
      running = new Running(context, probe, CacheStats.empty());
      life = Life.RUNNING;
    } finally {
      if (running == null) {
        life = Life.STOPPED;
      }
    }
  }

  /** Stops the node if it runs. */
  synchronized void stop() {
    Running stopping = running;
    if (stopping == null) {
      return;
    }
    life = Life.STOPPING;
    running = null;
    try {
      stopping.context().close();
    } finally {
      life = Life.STOPPED;
    }
  }

  /** Counts the events of the node from zero again. */
  synchronized void resetCounts() {
    Running present = running;
    if (present != null) {
      present.probe().reset();
      running = new Running(present.context(), present.probe(), stats(present.context()));
    }
  }

  /** Returns the database of the node; null if the node does not run. */
  @Nullable DataSource database() {
    Running present = running;
    return present == null ? null : present.context().getBean(DataSource.class);
  }

  /** Clears both caches, on all nodes. */
  void clearCaches() {
    Running present = running;
    if (present != null) {
      CacheInvalidator invalidator = present.context().getBean(CacheInvalidator.class);
      invalidator.clear(PRODUCTS);
      invalidator.clear(LISTS);
    }
  }

  /** Returns what the page shows of the node, without a trace in the statistics of its caches. */
  Seen look(List<Long> products) {
    Running present = running;
    if (present == null) {
      return new Seen(number, port, life, isLinked(), null, List.of(), null, null);
    }
    ConfigurableApplicationContext context = present.context();
    NodeStatus status = context.getBean(InvalidationNode.class).status();
    CacheManager caches = context.getBean(CacheManager.class);
    Cache<Object, Object> entries = nativeCache(caches, PRODUCTS);
    Cache<Object, Object> lists = nativeCache(caches, LISTS);
    List<Entry> held = new ArrayList<>();
    for (Long id : products) {
      if (entries.policy().getIfPresentQuietly(id) instanceof Product product) {
        held.add(new Entry(id, product.price(), loadedAt(entries, id)));
      }
    }
    CacheStats stats = stats(context).minus(present.before());
    return new Seen(
        number,
        port,
        life,
        isLinked(),
        Status.of(status),
        held,
        list(lists, products),
        new Counts(
            stats.hitCount(), stats.missCount(), present.probe().counts(), Judged.on(context)));
  }

  private static CacheStats stats(ConfigurableApplicationContext context) {
    CacheManager caches = context.getBean(CacheManager.class);
    return nativeCache(caches, PRODUCTS).stats().plus(nativeCache(caches, LISTS).stats());
  }

  private static @Nullable HeldList list(Cache<Object, Object> lists, List<Long> products) {
    if (!(lists.policy().getIfPresentQuietly(CATEGORY) instanceof List<?> held)) {
      return null;
    }
    List<Entry> shown = new ArrayList<>();
    long loadedAt = loadedAt(lists, CATEGORY);
    for (Object each : held) {
      if (each instanceof Product product && products.contains(product.id())) {
        shown.add(new Entry(product.id(), product.price(), loadedAt));
      }
    }
    return new HeldList(held.size(), shown, loadedAt);
  }

  @SuppressWarnings("unchecked") // the native cache of every cache of the library
  private static Cache<Object, Object> nativeCache(CacheManager caches, String name) {
    org.springframework.cache.Cache cache = caches.getCache(name);
    if (cache == null) {
      throw new IllegalStateException("There is no cache " + name + ".");
    }
    return (Cache<Object, Object>) cache.getNativeCache();
  }

  /** Rounded, so that an entry does not seem to change each time it is looked at. */
  private static long loadedAt(Cache<Object, Object> cache, Object key) {
    OptionalLong age =
        cache
            .policy()
            .expireAfterWrite()
            .map(policy -> policy.ageOf(key, TimeUnit.MILLISECONDS))
            .orElse(OptionalLong.empty());
    return (System.currentTimeMillis() - age.orElse(0)) / 100 * 100;
  }

  /** The statistics before the page was opened are not shown. */
  private record Running(
      ConfigurableApplicationContext context, NodeProbe probe, CacheStats before) {}

  enum Life {
    STOPPED,
    STARTING,
    RUNNING,
    STOPPING
  }

  /** A node, as the page gets it; the last four are empty while it does not run. */
  record Seen(
      int number,
      int port,
      Life life,
      boolean linked,
      @Nullable Status status,
      List<Entry> entries,
      @Nullable HeldList list,
      @Nullable Counts counts) {}

  record Status(String state, long since, @Nullable String reason, long confirmed, int pending) {

    private static Status of(NodeStatus status) {
      return new Status(
          status.state().name(),
          status.since().toEpochMilli(),
          status.reason(),
          rounded(status.lastConfirmed()),
          status.pendingKeys());
    }

    private static long rounded(Instant instant) {
      return instant.toEpochMilli() / 100 * 100;
    }
  }

  record Entry(long id, BigDecimal price, long loadedAt) {}

  /** The cached list of the category: its size, and those of its products that the page shows. */
  record HeldList(int size, List<Entry> entries, long loadedAt) {}

  record Counts(long hits, long loads, NodeProbe.Counts events, Judged judged) {}

  /**
   * What the judge of the node has found since its start.
   *
   * @param compared products that it has compared with the database
   * @param stale those of them that were stale for longer than the staleness bound
   */
  record Judged(long compared, long stale) {

    private static Judged on(ConfigurableApplicationContext context) {
      MeterRegistry meters = context.getBean(MeterRegistry.class);
      return new Judged(count(meters, "checked"), count(meters, "mismatches"));
    }

    private static long count(MeterRegistry meters, String name) {
      FunctionCounter counter =
          meters.find("invalidation.judge." + name).tag("cache", PRODUCTS).functionCounter();
      return counter == null ? 0 : (long) counter.count();
    }
  }
}

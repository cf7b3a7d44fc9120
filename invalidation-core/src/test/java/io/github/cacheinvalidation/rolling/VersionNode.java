package io.github.cacheinvalidation.rolling;

import static java.util.Objects.requireNonNull;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.KeyCodec;
import io.github.cacheinvalidation.OverflowCause;
import io.github.cacheinvalidation.internal.cache.CacheSettings;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.springdata.SpringDataChannel;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.github.cacheinvalidation.internal.receiver.ReceiverSettings;
import io.github.cacheinvalidation.testing.FaultyChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** A node of the version whose class loader has loaded this class. */
public final class VersionNode implements RollingNode {

  static final String CHANNEL = "rolling";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** Longer than any test, so that no clear comes from the bound. */
  private static final Duration BOUND = Duration.ofMinutes(10);

  private final Map<Object, Object> database;

  private final Watch watch = new Watch();

  private final DefaultInvalidationNode node;

  private @Nullable FaultyChannel channel;

  /**
   * Creates a node.
   *
   * @param redis where the channel is
   * @param name the name of the node
   * @param database the values of all keys
   */
  public VersionNode(RedisConnectionFactory redis, String name, Map<Object, Object> database) {
    this(redis, name, database, List.of());
  }

  VersionNode(
      RedisConnectionFactory redis,
      String name,
      Map<Object, Object> database,
      List<KeyCodec<?>> codecs) {
    this.database = database;
    RedisChannelSettings settings =
        new RedisChannelSettings(CHANNEL, name, 100_000, 64_000_000, List.of(), TIMEOUT);
    this.node =
        DefaultInvalidationNode.builder()
            .name(name)
            .channel(
                () -> {
                  FaultyChannel opened = new FaultyChannel(SpringDataChannel.open(redis, settings));
                  channel = opened;
                  return opened;
                })
            .receiver(new ReceiverSettings(Duration.ofMillis(100), BOUND, TIMEOUT, 1 << 20))
            .caches(cache -> CacheSettings.ofSpec("", BOUND, false))
            .codecs(codecs)
            .observer(watch)
            .build();
  }

  @Override
  public void join() {
    node.start();
    Awaitility.await().atMost(PATIENCE).until(() -> node.status().isJoined());
  }

  @Override
  public void stop() {
    node.stop();
  }

  private Cache cache(String name) {
    return requireNonNull(node.cacheManager().getCache(name));
  }

  @Override
  public @Nullable Object read(String cache, Object key) {
    return cache(cache).get(key, () -> database.get(key));
  }

  @Override
  public boolean holds(String cache, Object key) {
    return cache(cache).get(key) != null;
  }

  @Override
  public void evict(String cache, Object... keys) {
    node.invalidator().evictAll(cache, List.of(keys));
  }

  @Override
  public void clear(String cache) {
    node.invalidator().clear(cache);
  }

  @Override
  public void failSubscriptions(boolean failing) {
    requireNonNull(channel, "the node was not started")
        .failSubscriptions(failing ? Integer.MAX_VALUE : 0);
  }

  @Override
  public int pendingKeys() {
    return node.pendingKeys();
  }

  @Override
  public int subscriptions() {
    return watch.subscriptions.get();
  }

  @Override
  public int checks() {
    return watch.checks.get();
  }

  @Override
  public List<String> clears() {
    return watch.clears;
  }

  @Override
  public List<String> troubles() {
    return watch.troubles;
  }

  @Override
  public int replayed() {
    return watch.replayed.get();
  }

  @Override
  public void close() {
    node.close();
  }

  private static final class Watch implements InvalidationObserver {

    private final AtomicInteger subscriptions = new AtomicInteger();

    private final AtomicInteger checks = new AtomicInteger();

    private final AtomicInteger replayed = new AtomicInteger();

    private final List<String> clears = new CopyOnWriteArrayList<>();

    private final List<String> troubles = new CopyOnWriteArrayList<>();

    @Override
    public void subscribed() {
      subscriptions.incrementAndGet();
    }

    @Override
    public void checked() {
      checks.incrementAndGet();
    }

    @Override
    public void replayed(int messages) {
      replayed.addAndGet(messages);
    }

    @Override
    public void cleared(String cache, ClearReason reason) {
      clears.add(cache + " " + reason);
    }

    @Override
    public void unreadable(String kind, String detail) {
      troubles.add("unreadable " + kind + " " + detail);
    }

    @Override
    public void publishFailed(RuntimeException cause) {
      troubles.add("not published " + cause);
    }

    @Override
    public void checkFailed(RuntimeException cause) {
      troubles.add("not checked " + cause);
    }

    @Override
    public void outboxOverflowed(String cache, OverflowCause cause) {
      troubles.add("overflowed " + cause);
    }

    @Override
    public void keyNotEncodable(String cache, Class<?> type) {
      troubles.add("not encodable " + type);
    }
  }
}

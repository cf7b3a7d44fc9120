package io.github.cacheinvalidation.internal.channel.redis;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.Feed;
import io.github.cacheinvalidation.internal.channel.GroupLog;
import io.github.cacheinvalidation.internal.channel.GroupMember;
import io.github.cacheinvalidation.internal.channel.Inspection;
import io.github.cacheinvalidation.internal.channel.MessageLog;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.internal.channel.redis.connection.IdleConnectionCheck;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisNames;
import io.github.cacheinvalidation.internal.channel.redis.connection.Topic;
import io.github.cacheinvalidation.internal.channel.redis.script.CheckScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The channel over a Redis server, its cache channels, and the further channels that its node
 * listens to.
 *
 * <p>The channel has at most three connections of its own: one to publish, one to check and read,
 * and one for the subscription; and for each group of which the node is a member one more, and one
 * for each cache channel. Cache channels use them too, but each has a connection of its own for its
 * subscription if the feed is the stream or sharded Pub/Sub, or if the client is not Lettuce. With
 * Lettuce, the commands of several channels are under way on one connection at the same time; with
 * another client they wait for each other. Further channels use these connections too, with two
 * exceptions. With Lettuce, if the channel's own feed is the stream or sharded Pub/Sub, the
 * subscriptions to all further channels and patterns share one more connection. With another
 * client, each of these subscriptions has a connection.
 *
 * <p>The driver knows the server, credentials and encryption of the connections; their timeout is
 * short. Closing them closes no connection of the application. A separate thread opens each
 * connection at its first use, and again after a failure. Connecting, logging in and the first
 * answer may take five seconds each, or the timeout if that is longer. Publishing waits for a
 * connection at most the timeout; a check waits at most five seconds for its first connection.
 * Closing the channel waits about two seconds for a connection that is being made; a connection
 * that is made later is closed at once.
 *
 * <p>Each question of an operator opens one more connection, and closes it after the answer.
 *
 * <p>A router may drop an idle connection without notice. So each check also looks at the other two
 * connections. If one was idle for 15 s, the check asks the server for an answer over it.
 *
 * <p>With Lettuce, the three connections share one event loop of their own, which delivers messages
 * to the subscriber. With Jedis, a daemon thread of this channel delivers them; with another
 * client, that thread or a thread of the client. A feed that reads the stream delivers on a daemon
 * thread of this channel with every client but Lettuce. Safe for use by several threads as
 * described in {@link MessageLog}.
 */
public final class RedisChannel implements Channel {

  /** How long a close waits for connections that are being made, in addition to the timeout. */
  private static final Duration LONGEST_END = Duration.ofSeconds(2);

  private final RedisNames name;
  private final Duration timeout;
  private final Driver driver;
  private final List<RedisFeed> feeds = new ArrayList<>();
  private final ConnectionPair shared;

  private final List<ConnectionPair> pairs = new CopyOnWriteArrayList<>();
  private final RedisLog log;
  private final Supplier<String> nonces;
  private final LongSupplier nanoTime;
  private final List<RedisGroupLog> groups = new ArrayList<>();

  /** Counts connections after which another server may answer on any channel. */
  private final AtomicLong readers = new AtomicLong();

  /** Counts the other such connections, those of cache channels aside. */
  private final AtomicLong subscribers = new AtomicLong();

  private final Map<String, Channel> cacheChannels = new TreeMap<>();
  private final List<Channel> further = new ArrayList<>();
  private volatile boolean closed;

  private RedisChannel(
      Driver driver,
      RedisNames name,
      int database,
      RedisChannelSettings settings,
      Supplier<String> nonces,
      LongSupplier nanoTime) {
    this.driver = driver;
    this.name = name;
    this.timeout = settings.timeout();
    this.nonces = nonces;
    this.nanoTime = nanoTime;
    ConnectionPair pair = pair(name, readers);
    this.shared = settings.cacheChannels().isEmpty() ? pair : pair.share();
    List<RedisNames> caches =
        settings.cacheChannels().stream().map(each -> RedisNames.of(each, database)).toList();
    List<Topic> topics = HeardTopics.of(name, caches, settings);
    HeardTopics heard = new HeardTopics(topics);
    RedisFeed own = feed(topics.get(0), name, heard, settings.feed(), subscribers);
    this.log =
        new RedisLog(
            driver,
            name,
            settings,
            nonces,
            connections(name, subscribers),
            false,
            this::unknownServer,
            () -> keepAlive(own));
    for (int i = 0; i < caches.size(); i++) {
      cacheChannels.put(
          settings.cacheChannels().get(i),
          cacheChannel(caches.get(i), topics.get(i + 1), heard, settings));
    }
    for (Topic topic : topics.subList(1 + caches.size(), topics.size())) {
      RedisFeed feed = feed(topic, name, heard, FeedKind.PUBSUB, subscribers);
      further.add(further(topic, feed));
    }
  }

  /** Makes connections without connecting; closed with this channel. */
  private ConnectionPair pair(RedisNames names, AtomicLong counter) {
    ConnectionPair pair =
        ConnectionPair.of(driver, names.channel(), timeout, counter::incrementAndGet, nanoTime);
    pairs.add(pair);
    if (closed) {
      pair.close(); // a concurrent close may not have seen it
    }
    return pair;
  }

  private LogConnections connections(RedisNames names, AtomicLong counter) {
    return new LogConnections(shared, () -> pair(names, counter), nanoTime);
  }

  private RedisFeed feed(
      Topic topic, RedisNames names, HeardTopics heard, FeedKind kind, AtomicLong counter) {
    Supplier<IdleConnectionCheck> idleChecks = () -> new IdleConnectionCheck(timeout, nanoTime);
    RedisFeed feed =
        kind == FeedKind.STREAM
            ? RedisFeed.overStream(driver, names, idleChecks, counter::incrementAndGet)
            : RedisFeed.overPubSub(
                driver, topic, heard, timeout, idleChecks, counter::incrementAndGet);
    feeds.add(feed);
    return feed;
  }

  private CacheChannel cacheChannel(
      RedisNames names, Topic topic, HeardTopics heard, RedisChannelSettings settings) {
    AtomicLong ofChannel = new AtomicLong();
    RedisFeed feed = feed(topic, names, heard, settings.feed(), ofChannel);
    RedisLog ofCaches =
        new RedisLog(
            driver,
            names,
            settings,
            nonces,
            connections(names, ofChannel),
            true,
            () -> "connection-" + readers.get() + "-" + ofChannel.get(),
            feed::keepAlive);
    return new CacheChannel(names, ofCaches, feed, driver, member -> groupLog(names, member));
  }

  /** Only the check of the own channel looks at the shared publishing connection. */
  private void keepAlive(RedisFeed own) {
    own.keepAlive();
    shared.publisher().keepAlive();
  }

  private String unknownServer() {
    return "connection-" + (readers.get() + subscribers.get());
  }

  private Channel further(Topic topic, RedisFeed feed) {
    return new FurtherChannel(
        topic.name(), topic.canHaveLog() ? log(topic, feed) : new AbsentLog(feed::keepAlive), feed);
  }

  private FurtherLog log(Topic topic, RedisFeed feed) {
    RedisNames names = RedisNames.of(topic.name(), 0);
    CheckScript check = new CheckScript(names, RedisLog.LIFETIME, driver);
    return new FurtherLog(
        names,
        connections(names, subscribers),
        check,
        nonces,
        this::unknownServer,
        feed::keepAlive);
  }

  /**
   * Opens a channel without connecting, so this succeeds while Redis is down.
   *
   * @param driver makes the connections; closed with the channel
   * @param database the number of the database of these connections
   * @param settings the settings of the channel on this node
   * @return the channel, to be closed by the caller
   */
  public static Channel open(Driver driver, int database, RedisChannelSettings settings) {
    return open(
        driver,
        database,
        settings,
        () -> UUID.randomUUID().toString().replace("-", ""),
        System::nanoTime);
  }

  /**
   * Opens a channel with its own source of random ids and time.
   *
   * @param nonces returns a new random id at each call
   * @param nanoTime returns nanoseconds, as {@link System#nanoTime} does
   */
  public static Channel open(
      Driver driver,
      int database,
      RedisChannelSettings settings,
      Supplier<String> nonces,
      LongSupplier nanoTime) {
    RedisNames name = RedisNames.of(settings.channel(), database);
    return new RedisChannel(driver, name, database, settings, nonces, nanoTime);
  }

  @Override
  public String name() {
    return name.channel();
  }

  @Override
  public String server() {
    return driver.server();
  }

  @Override
  public MessageLog log() {
    return log;
  }

  @Override
  public Feed feed() {
    return feeds.get(0);
  }

  @Override
  public Map<String, Channel> cacheChannels() {
    return Collections.unmodifiableMap(cacheChannels);
  }

  @Override
  public List<Channel> further() {
    return List.copyOf(further);
  }

  @Override
  public GroupLog groupLog(GroupMember member) {
    return groupLog(name, member);
  }

  private synchronized GroupLog groupLog(RedisNames names, GroupMember member) {
    if (closed) {
      throw new ChannelException("Channel '" + names.channel() + "' is closed", null);
    }
    RedisGroupLog group = new RedisGroupLog(driver, names, timeout, member, nonces, nanoTime);
    groups.add(group);
    return group;
  }

  @Override
  public Inspection inspection() {
    return new RedisInspection(driver, name);
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    groups.forEach(RedisGroupLog::close);
    feeds.forEach(RedisFeed::close);
    pairs.forEach(ConnectionPair::close);
    long deadline = System.nanoTime() + LONGEST_END.plus(timeout).toNanos();
    feeds.forEach(feed -> feed.awaitEnd(() -> until(deadline)));
    pairs.forEach(pair -> pair.awaitEnd(() -> until(deadline)));
    groups.forEach(group -> group.awaitEnd(until(deadline)));
    driver.close();
    feeds.forEach(RedisFeed::abandon);
    pairs.forEach(ConnectionPair::abandon);
    groups.forEach(RedisGroupLog::abandon);
  }

  private static Duration until(long deadline) {
    return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
  }
}

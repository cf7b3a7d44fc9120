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
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The channel over a Redis server, and the further channels that its node listens to.
 *
 * <p>The channel has at most three connections of its own: one to publish, one to check and read,
 * and one for the subscription; and one more for each group of which the node is a member. Further
 * channels use them too, with two exceptions. With Lettuce, if the channel's own feed is the stream
 * or sharded Pub/Sub, the subscriptions to all further channels and patterns share one more
 * connection. With another client, each of these subscriptions has a connection.
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
 * thread of this channel with every client. Safe for use by several threads as described in {@link
 * MessageLog}.
 */
public final class RedisChannel implements Channel {

  /** How long a close waits for connections that are being made, in addition to the timeout. */
  private static final Duration LONGEST_END = Duration.ofSeconds(2);

  private final RedisNames name;
  private final Duration timeout;
  private final Driver driver;
  private final List<RedisFeed> feeds = new ArrayList<>();
  private final RedisLog log;
  private final Supplier<String> nonces;
  private final LongSupplier nanoTime;
  private final List<RedisGroupLog> groups = new ArrayList<>();
  private final AtomicLong connections = new AtomicLong();
  private final List<Channel> further = new ArrayList<>();
  private boolean closed;

  private RedisChannel(
      Driver driver,
      RedisNames name,
      RedisChannelSettings settings,
      Supplier<String> nonces,
      LongSupplier nanoTime) {
    this.driver = driver;
    this.name = name;
    this.timeout = settings.timeout();
    this.nonces = nonces;
    this.nanoTime = nanoTime;
    List<Topic> topics = topics(name, settings);
    HeardTopics heard = new HeardTopics(topics);
    for (Topic topic : topics) {
      feeds.add(feed(topic, heard, settings.feed() == FeedKind.STREAM && feeds.isEmpty()));
    }
    RedisFeed own = feeds.get(0);
    this.log = new RedisLog(driver, name, settings, nonces, nanoTime, connections, own::keepAlive);
    for (int i = 1; i < topics.size(); i++) {
      further.add(further(topics.get(i), feeds.get(i)));
    }
  }

  private RedisFeed feed(Topic topic, HeardTopics heard, boolean stream) {
    Supplier<IdleConnectionCheck> idleChecks = () -> new IdleConnectionCheck(timeout, nanoTime);
    return stream
        ? RedisFeed.overStream(driver, name, idleChecks, connections::incrementAndGet)
        : RedisFeed.overPubSub(
            driver, topic, heard, timeout, idleChecks, connections::incrementAndGet);
  }

  /** Returns the topics without duplicates, that of the channel itself first. */
  private static List<Topic> topics(RedisNames name, RedisChannelSettings settings) {
    Topic plain = Topic.channel(name.channel());
    return Stream.concat(
            Stream.of(
                settings.feed() == FeedKind.SHARDED_PUBSUB
                    ? Topic.shardChannel(name.channel())
                    : plain),
            settings.subscriptions().stream().map(Topic::of).filter(topic -> !topic.equals(plain)))
        .distinct()
        .toList();
  }

  private Channel further(Topic topic, RedisFeed feed) {
    return new FurtherChannel(
        topic.name(), topic.canHaveLog() ? log(topic, feed) : new AbsentLog(feed::keepAlive), feed);
  }

  private FurtherLog log(Topic topic, RedisFeed feed) {
    RedisNames names = RedisNames.of(topic.name(), 0);
    CheckScript check = new CheckScript(names, RedisLog.LIFETIME, driver);
    return new FurtherLog(names, log.reader(), check, nonces, log::unknownServer, feed::keepAlive);
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
    return new RedisChannel(driver, name, settings, nonces, nanoTime);
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
  public List<Channel> further() {
    return List.copyOf(further);
  }

  @Override
  public synchronized GroupLog groupLog(GroupMember member) {
    if (closed) {
      throw new ChannelException("Channel '" + name() + "' is closed", null);
    }
    RedisGroupLog group = new RedisGroupLog(driver, name, timeout, member, nonces, nanoTime);
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
    log.close();
    long deadline = System.nanoTime() + LONGEST_END.plus(timeout).toNanos();
    feeds.forEach(feed -> feed.awaitEnd(() -> until(deadline)));
    log.awaitEnd(() -> until(deadline));
    groups.forEach(group -> group.awaitEnd(until(deadline)));
    driver.close();
    feeds.forEach(RedisFeed::abandon);
    log.abandon();
    groups.forEach(RedisGroupLog::abandon);
  }

  private static Duration until(long deadline) {
    return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
  }
}

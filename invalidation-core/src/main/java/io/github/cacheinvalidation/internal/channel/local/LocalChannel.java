package io.github.cacheinvalidation.internal.channel.local;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.Feed;
import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.MessageLog;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.Subscriber;
import io.github.cacheinvalidation.internal.channel.Subscription;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.message.Position;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One node's end of a channel inside the JVM. The log is also the queue of the subscribers. */
final class LocalChannel implements Channel, MessageLog, Feed {

  private final String name;
  private final String serverId;
  private final LocalLog log;
  private final Supplier<String> nonces;
  private final Map<String, Channel> cacheChannels;
  private @Nullable LocalSubscription subscription;
  private volatile boolean closed;

  LocalChannel(
      String name,
      String serverId,
      LocalLog log,
      Supplier<String> nonces,
      Map<String, Channel> cacheChannels) {
    this.name = name;
    this.serverId = serverId;
    this.log = log;
    this.nonces = nonces;
    this.cacheChannels = cacheChannels;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public MessageLog log() {
    return this;
  }

  @Override
  public Feed feed() {
    return this;
  }

  @Override
  public Map<String, Channel> cacheChannels() {
    return cacheChannels;
  }

  @Override
  public void append(Publication publication) {
    requireOpen();
    log.append(publication.nonce(), publication.body());
  }

  @Override
  public Tip tip() {
    requireOpen();
    LocalLog.Found found = log.tipOrFirst(nonces);
    return new Tip(found.tip(), serverId, found.created());
  }

  @Override
  public boolean answersAtOnce() {
    return true;
  }

  @Override
  public LogPage read(Position from, int limit) {
    requireOpen();
    return log.read(numberOf(from), limit);
  }

  @Override
  public synchronized Subscription subscribe(Subscriber subscriber) {
    requireOpen();
    subscription = LocalSubscription.start(name, log, subscriber);
    return subscription;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (subscription != null) {
      subscription.close();
    }
    cacheChannels.values().forEach(Channel::close);
  }

  private void requireOpen() {
    if (closed) {
      throw new ChannelException("Channel '" + name + "' is closed", null);
    }
  }

  private static long numberOf(Position position) {
    String id = position.entryId();
    int dash = id.indexOf('-');
    try {
      return Long.parseLong(dash < 0 ? id : id.substring(0, dash));
    } catch (NumberFormatException notAnEntry) {
      throw new ChannelException("Not an entry id of this log: '" + id + "'", notAnEntry);
    }
  }
}

package io.github.cacheinvalidation.internal.channel.redis.lettuce;

import io.github.cacheinvalidation.internal.channel.redis.connection.ConnectTimeout;
import io.github.cacheinvalidation.internal.channel.redis.connection.Connection;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.LazyClient;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.connection.ServerErrors;
import io.github.cacheinvalidation.internal.channel.redis.connection.Topic;
import io.github.cacheinvalidation.internal.channel.redis.connection.TopicListener;
import io.lettuce.core.RedisCommandExecutionException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes Lettuce connections with a client of this channel. The client is created with the first
 * connection: it is slow to load, and the start of the application does not wait for that.
 */
public final class LettuceDriver implements Driver {

  private final LettuceTarget target;
  private final RedisChannelSettings settings;
  private final LazyClient<LettuceClient> client;
  private final SharedSubscriptions subscriptions;

  /** By channel: the servers of different slots need different connections. */
  private final Map<Topic, SharedSubscriptions> ofShards = new ConcurrentHashMap<>();

  public LettuceDriver(LettuceTarget target, RedisChannelSettings settings) {
    this.target = target;
    this.settings = settings;
    this.client =
        new LazyClient<>(
            () -> new LettuceClient(target.settings().get(), settings),
            this::close,
            ConnectTimeout.patience(settings.timeout()),
            settings.timeout());
    this.subscriptions = new SharedSubscriptions(topic -> client.get().connectToSubscribe());
  }

  @Override
  public Connection connect() {
    return connectWith(settings.timeout());
  }

  @Override
  public Connection connectToRead(Duration wait) {
    return connectWith(settings.timeout().plus(wait));
  }

  private Connection connectWith(Duration timeout) {
    LettuceConnection connection = client.get().connect();
    try {
      connection.ping(); // loads the classes that commands need
    } catch (RuntimeException failure) {
      if (answerIn(failure) == null) {
        connection.close();
        throw failure;
      }
    }
    connection.setTimeout(timeout);
    return connection;
  }

  @Override
  public boolean tryExecute(Runnable task) {
    LettuceClient present = client.ifMade();
    return present != null && present.tryExecute(task);
  }

  @Override
  public Attachment attach(Topic topic, TopicListener listener, Consumer<Throwable> lost) {
    return (topic.sharded() ? ofShard(topic) : subscriptions).attach(topic, listener, lost);
  }

  private SharedSubscriptions ofShard(Topic topic) {
    return ofShards.computeIfAbsent(
        topic, shard -> new SharedSubscriptions(one -> client.get().connectToShard(one.bytes())));
  }

  private void close(LettuceClient made) {
    subscriptions.awaitClosings(settings.timeout());
    ofShards.values().forEach(shard -> shard.awaitClosings(settings.timeout()));
    made.close();
  }

  @Override
  public @Nullable String answerIn(Throwable failure) {
    return ServerErrors.messageOf(RedisCommandExecutionException.class, failure);
  }

  @Override
  public String server() {
    return target.server();
  }

  @Override
  public boolean encrypts() {
    return target.encrypted();
  }

  @Override
  public void close() {
    client.close();
  }
}

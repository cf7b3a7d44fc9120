package io.github.cacheinvalidation.internal.channel.redis.springdata;

import io.github.cacheinvalidation.internal.channel.redis.connection.Connection;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.Topic;
import io.github.cacheinvalidation.internal.channel.redis.connection.TopicListener;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Takes the connections of an unknown client from the application's factory, with the application's
 * timeouts and client names. A subscription ends by unsubscribing. If the server does not answer,
 * the thread of the subscription does not end.
 */
final class GenericDriver implements Driver {

  private static final Pattern ANSWER = Pattern.compile("(?:.*?: )?([A-Z]{3,} .*)", Pattern.DOTALL);

  private final RedisConnectionFactory application;

  GenericDriver(RedisConnectionFactory application) {
    this.application = application;
  }

  @Override
  public Connection connect() {
    RedisConnection connection = application.getConnection();
    connection.getNativeConnection();
    return new SpringDataConnection(connection);
  }

  /** Short, because the application's timeout is not known. */
  @Override
  public Duration longestWait() {
    return Duration.ofMillis(200);
  }

  @Override
  public Attachment attach(Topic topic, TopicListener listener, Consumer<Throwable> lost) {
    RedisConnection connection = application.getConnection();
    return new BlockingSubscription(connection, topic, listener, lost).started();
  }

  /** Such a client may deliver on threads that the application's commands use too. */
  @Override
  public boolean deliversOnOwnThread() {
    return false;
  }

  /** Returns the innermost exception message that has the form of a Redis error. */
  @Override
  public @Nullable String answerIn(Throwable failure) {
    String answer = null;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      Matcher matcher = ANSWER.matcher(String.valueOf(cause.getMessage()));
      if (matcher.matches()) {
        answer = matcher.group(1);
      }
    }
    return answer;
  }

  /** The application's factory stays open. */
  @Override
  public void close() {}
}

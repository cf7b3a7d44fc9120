package io.github.cacheinvalidation.internal.channel.redis.connection;

import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Connections of a client that is not known here, from the application's factory as it is: with its
 * timeouts, and under its names. A subscription ends by unsubscribing, so that its thread stays
 * behind where the server does not answer.
 */
public final class GenericDriver implements Driver {

  private static final Pattern ANSWER = Pattern.compile("(?:.*?: )?([A-Z]{3,} .*)", Pattern.DOTALL);

  private final RedisConnectionFactory application;

  public GenericDriver(RedisConnectionFactory application) {
    this.application = application;
  }

  @Override
  public RedisConnection connect() {
    RedisConnection connection = application.getConnection();
    connection.getNativeConnection();
    return connection;
  }

  @Override
  public Attachment attach(Topics topics, TopicListener listener, Consumer<Throwable> lost) {
    RedisConnection connection = application.getConnection();
    return new BlockingSubscription(connection, topics, listener, lost).started();
  }

  /** Such a client may call on threads that it shares with the application's commands. */
  @Override
  public boolean deliversOnOwnThread() {
    return false;
  }

  /** Takes the innermost message that begins like an error of Redis for what the server said. */
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

package io.github.cacheinvalidation.channel.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

import io.github.cacheinvalidation.channel.ChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.connection.RedisConnection;

/** Which failures end a connection, so that no command gets the reply of another one. */
@Tag("G3")
@Tag("G5")
class LineTests {

  private static final String ANSWER = "Answered: ";

  private final Connecting driver = new Connecting();
  private final Line line = new Line(driver, "own", Duration.ofSeconds(1), () -> {});

  private RedisConnection use() {
    return line.call("use", connection -> connection);
  }

  private void fail(RuntimeException failure) {
    assertThatThrownBy(
            () ->
                line.call(
                    "failure",
                    connection -> {
                      throw failure;
                    }))
        .isInstanceOf(ChannelException.class);
  }

  @Test
  void aReplyThatDidNotCome_endsTheConnection() {
    RedisConnection first = use();

    fail(new IllegalStateException("Injected: timed out"));

    verify(first).close();
    assertThat(use()).isNotSameAs(first);
  }

  @Test
  void anErrorInTheMiddleOfAReply_endsTheConnection() {
    RedisConnection first = use();

    assertThatThrownBy(
            () ->
                line.call(
                    "reading",
                    connection -> {
                      throw new InternalError("Injected: a page too large");
                    }))
        .isInstanceOf(InternalError.class);

    verify(first).close();
    assertThat(use()).isNotSameAs(first);
  }

  @Test
  void anErrorThatTheServerAnswered_keepsTheConnection() {
    RedisConnection first = use();

    fail(new IllegalStateException(ANSWER + "WRONGTYPE Operation against a key"));

    assertThat(use()).isSameAs(first);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "READONLY You can't write against a read only replica.",
        "READONLY You can't write against a read only replica. script: 3f2a, on @user_script:14.",
        "ERR Error running script (call to f_3f2a): @user_script:14: @user_script: 14: -READONLY"
            + " You can't write against a read only replica. ",
        "NOREPLICAS Not enough good replicas to write.",
        "LOADING Redis is loading the dataset in memory"
      })
  void anAnswerOfTheWrongServer_endsTheConnection(String answer) {
    RedisConnection first = use();

    fail(new IllegalStateException(ANSWER + answer));

    verify(first).close();
    assertThat(use()).isNotSameAs(first);
  }

  private static final class Connecting implements Driver {

    private final List<RedisConnection> made = new ArrayList<>();

    @Override
    public RedisConnection connect() {
      made.add(mock());
      return made.get(made.size() - 1);
    }

    @Override
    public Attachment attach(Topics topics, TopicListener listener, Consumer<Throwable> lost) {
      throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable String answerIn(Throwable failure) {
      String message = String.valueOf(failure.getMessage());
      return message.startsWith(ANSWER) ? message.substring(ANSWER.length()) : null;
    }

    @Override
    public void close() {}
  }
}

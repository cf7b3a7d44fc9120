package io.github.cacheinvalidation.internal.channel.redis.connection;

import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A driver whose connections are mocks. Connecting and signs of life are up to the test. */
final class ConnectingDriver implements Driver {

  /** How the message of an error begins that the server answered. */
  static final String ANSWER = "Answered: ";

  final List<Connection> made = new CopyOnWriteArrayList<>();
  final AtomicInteger entered = new AtomicInteger();
  volatile CountDownLatch mayConnect = new CountDownLatch(0);
  @Nullable CompletionStage<?> sign;
  int asked;

  @Override
  public Connection connect() {
    entered.incrementAndGet();
    try {
      mayConnect.await();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
    Connection connection = mock();
    given(connection.beginPing()).willAnswer(call -> begun());
    made.add(connection);
    return connection;
  }

  private @Nullable CompletionStage<?> begun() {
    asked++;
    return sign;
  }

  @Override
  public Attachment attach(Topic topic, TopicListener listener, Consumer<Throwable> lost) {
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

package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A message under way, and the answer of the channel, which arrives on another thread. */
record UnderWay<M>(M message, CompletableFuture<Optional<ChannelException>> answer) {

  UnderWay(M message) {
    this(message, new CompletableFuture<>());
  }

  /** Takes the answer of the channel; null if the channel has accepted the message. */
  void ended(@Nullable ChannelException failure) {
    answer.complete(Optional.ofNullable(failure));
  }

  boolean hasEnded() {
    return answer.isDone();
  }

  /** Returns why the message was not accepted; null if it was. A late answer is a failure. */
  @Nullable ChannelException failure(Duration patience) {
    try {
      return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS).orElse(null);
    } catch (TimeoutException | ExecutionException | InterruptedException none) {
      return new ChannelException("There was no answer to a message within " + patience, none);
    }
  }
}

package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.MessageLog;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.message.Position;
import io.github.cacheinvalidation.testing.junit.Choices;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A channel that does nothing until the test orders the next step. Its immediate answer (whether it
 * takes a task or begins a publication) is a choice as well.
 */
final class SteppedPublications implements MessageLog {

  /** The name of a cache that has one key; the cache as a whole stands for it as well. */
  private static final Pattern CACHE = Pattern.compile("\"(c\\d+)\":");

  /** A publication whose answer is awaited. */
  private record UnderWay(String body, Consumer<@Nullable ChannelException> outcome) {}

  private final Choices choices;

  private final Queue<Runnable> tasks = new ArrayDeque<>();

  private final List<String> accepted = new ArrayList<>();

  private final List<UnderWay> begun = new ArrayList<>();

  private int failuresLeft;

  private volatile @Nullable UnderWay sending;

  /**
   * Creates it.
   *
   * @param choices decide its answers
   * @param failures how many publications of the sender may have no answer, at most
   */
  SteppedPublications(Choices choices, int failures) {
    this.choices = choices;
    this.failuresLeft = failures;
  }

  /** Returns the caches of the accepted publications, in order. */
  List<String> accepted() {
    return accepted;
  }

  /** Whether the sender waits for an answer. */
  boolean isSending() {
    return sending != null;
  }

  int underWay() {
    return begun.size() + (sending == null ? 0 : 1);
  }

  /** Returns the possible next steps of the channel's publications. */
  List<Runnable> steps() {
    List<Runnable> steps = new ArrayList<>();
    Runnable task = tasks.peek();
    if (task != null) {
      steps.add(
          () -> {
            tasks.remove();
            task.run();
          });
    }
    for (UnderWay each : List.copyOf(begun)) {
      steps.add(() -> answer(each, null));
      steps.add(() -> answer(each, noAnswer()));
    }
    UnderWay sent = sending;
    if (sent != null) {
      steps.add(() -> answerSender(sent, null));
      if (failuresLeft > 0) {
        steps.add(() -> answerSender(sent, noAnswer()));
      }
    }
    return steps;
  }

  private static ChannelException noAnswer() {
    return new ChannelException("Injected: no answer", null);
  }

  private void answer(UnderWay publication, @Nullable ChannelException failure) {
    begun.remove(publication);
    if (failure == null) {
      note(publication);
    }
    publication.outcome().accept(failure);
  }

  private void answerSender(UnderWay publication, @Nullable ChannelException failure) {
    failuresLeft -= failure == null ? 0 : 1;
    sending = null;
    if (failure == null) {
      note(publication);
    }
    publication.outcome().accept(failure);
  }

  private void note(UnderWay publication) {
    Matcher caches = CACHE.matcher(publication.body());
    while (caches.find()) {
      accepted.add(caches.group(1));
    }
  }

  @Override
  public boolean tryExecute(Runnable task) {
    if (choices.of(2) == 1) {
      return false;
    }
    tasks.add(task);
    return true;
  }

  @Override
  public boolean tryAppend(
      Publication publication, boolean ahead, Consumer<@Nullable ChannelException> outcome) {
    switch (choices.of(3)) {
      case 0 -> {
        begun.add(new UnderWay(body(publication), outcome));
        return true;
      }
      case 1 -> {
        return false;
      }
      default -> throw new IllegalStateException("Injected: nothing can be begun");
    }
  }

  @Override
  public void append(Publication publication) {
    CompletableFuture<Optional<ChannelException>> answer = new CompletableFuture<>();
    sending =
        new UnderWay(body(publication), failure -> answer.complete(Optional.ofNullable(failure)));
    Optional<ChannelException> failure = answer.join();
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  private static String body(Publication publication) {
    return new String(publication.body(), StandardCharsets.UTF_8);
  }

  @Override
  public Tip tip() {
    throw new UnsupportedOperationException();
  }

  @Override
  public LogPage read(Position from, int limit) {
    throw new UnsupportedOperationException();
  }
}

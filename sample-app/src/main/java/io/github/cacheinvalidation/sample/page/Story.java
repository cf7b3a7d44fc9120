package io.github.cacheinvalidation.sample.page;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sentences that say what just happened, newest first. Safe for use by any thread. */
final class Story {

  private static final int MOST = 6;

  private final Deque<Sentence> sentences = new ArrayDeque<>();
  private long ids;

  /**
   * Adds a sentence.
   *
   * @param promise the promise that the event shows; null if it shows none
   */
  synchronized void say(String text, @Nullable Promise promise) {
    sentences.addFirst(
        new Sentence(
            ++ids,
            System.currentTimeMillis(),
            text,
            promise == null ? null : promise.name(),
            promise == null ? null : promise.title()));
    while (sentences.size() > MOST) {
      sentences.removeLast();
    }
  }

  synchronized List<Sentence> newestFirst() {
    return List.copyOf(sentences);
  }

  /** One sentence, as the page gets it. */
  record Sentence(
      long id, long at, String text, @Nullable String promise, @Nullable String title) {}
}

package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.OverflowCause;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Remembers what the outbox said happened. */
final class RecordingOutboxObserver implements InvalidationObserver {

  private final List<String> happened = new CopyOnWriteArrayList<>();

  private final List<RuntimeException> failures = new CopyOnWriteArrayList<>();

  private volatile boolean broken;

  private volatile Runnable whenPublished = () -> {};

  List<String> happened() {
    return happened;
  }

  /** Returns what was told of every attempt that failed. */
  List<RuntimeException> failures() {
    return failures;
  }

  /** From now on it does something where it is told of a publication. */
  void onPublished(Runnable action) {
    whenPublished = action;
  }

  /** From now on it throws where it is told of a publication. */
  void breakDown() {
    broken = true;
  }

  @Override
  public void published(int keys, int wholeCaches) {
    happened.add("published " + keys + "+" + wholeCaches);
    whenPublished.run();
    if (broken) {
      throw new NoClassDefFoundError("Injected");
    }
  }

  @Override
  public void publishFailed(RuntimeException cause) {
    failures.add(cause);
    if (!happened.contains("failed")) {
      happened.add("failed");
    }
  }

  @Override
  public void outboxOverflowed(String cache, OverflowCause cause) {
    happened.add("overflowed " + cache + " " + cause);
  }

  @Override
  public void keyNotEncodable(String cache, Class<?> type) {
    happened.add("not encodable " + cache + " " + type.getSimpleName());
  }

  @Override
  public void keyTooLong(String cache, Class<?> type, int bytes, int most) {
    happened.add("too long " + cache + " " + type.getSimpleName() + " " + bytes + "/" + most);
  }

  @Override
  public void unpublishedAtStop(int keys, int wholeCaches, @Nullable RuntimeException cause) {
    happened.add("unpublished " + keys + "+" + wholeCaches);
  }
}

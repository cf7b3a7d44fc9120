package io.github.cacheinvalidation.testing;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.FillRefusal;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.OverflowCause;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * An observer that records its events as short texts, in order, in three groups: caches,
 * publications, and receiving. Events of answered checks, late writes and the status are not
 * recorded.
 */
public final class RecordingObserver implements InvalidationObserver {

  private final List<String> caches = new CopyOnWriteArrayList<>();

  private final List<String> publishing = new CopyOnWriteArrayList<>();

  private final List<String> receiving = new CopyOnWriteArrayList<>();

  private final List<RuntimeException> failures = new CopyOnWriteArrayList<>();

  private volatile boolean broken;

  private volatile Runnable whenPublished = () -> {};

  /** Creates an observer that was told nothing yet. */
  public RecordingObserver() {}

  /** Returns the events of caches since the last call. */
  public List<String> newCacheEvents() {
    List<String> happened = List.copyOf(caches);
    caches.removeAll(happened);
    return happened;
  }

  /** Returns the events of this node's publications; failed attempts are there once. */
  public List<String> publishingEvents() {
    return publishing;
  }

  /** Returns the failure of each failed attempt to publish. */
  public List<RuntimeException> failures() {
    return failures;
  }

  /** Returns the events of the subscription, the checks and their results. */
  public List<String> receivingEvents() {
    return receiving;
  }

  /** Returns how often one of the {@link #receivingEvents} is there. */
  public int timesReceiving(String event) {
    return (int) receiving.stream().filter(event::equals).count();
  }

  /** From now on it does something where it is told of a publication. */
  public void onPublished(Runnable action) {
    whenPublished = action;
  }

  /** From now on it throws where it is told of a publication. */
  public void breakDown() {
    broken = true;
  }

  @Override
  public void applied(String cache, int keys) {
    caches.add("applied " + cache + " " + keys);
  }

  @Override
  public void cleared(String cache, ClearReason reason) {
    caches.add("cleared " + cache + " " + reason);
  }

  @Override
  public void fillRefused(String cache, FillRefusal reason) {
    caches.add("refused " + cache + " " + reason);
  }

  @Override
  public void leaderFailed(String cache) {
    caches.add("leader failed " + cache);
  }

  @Override
  public void published(int keys, int wholeCaches) {
    publishing.add("published " + keys + "+" + wholeCaches);
    whenPublished.run();
    if (broken) {
      throw new NoClassDefFoundError("Injected");
    }
  }

  @Override
  public void publishFailed(RuntimeException cause) {
    failures.add(cause);
    if (!publishing.contains("failed")) {
      publishing.add("failed");
    }
  }

  @Override
  public void outboxOverflowed(String cache, OverflowCause cause) {
    publishing.add("overflowed " + cache + " " + cause);
  }

  @Override
  public void foreignWriteFailed(String cache, Throwable cause, boolean retried) {
    publishing.add((retried ? "retried " : "lost ") + cache);
  }

  @Override
  public void keyNotEncodable(String cache, Class<?> type) {
    publishing.add("not encodable " + cache + " " + type.getSimpleName());
  }

  @Override
  public void keyTooLong(String cache, Class<?> type, int bytes, int most) {
    publishing.add("too long " + cache + " " + type.getSimpleName() + " " + bytes + "/" + most);
  }

  @Override
  public void unpublishedAtStop(int keys, int wholeCaches, @Nullable RuntimeException cause) {
    publishing.add("unpublished " + keys + "+" + wholeCaches);
  }

  @Override
  public void unreadable(String kind, String detail) {
    receiving.add("unreadable");
  }

  @Override
  public void joined() {
    receiving.add("joined");
  }

  @Override
  public void subscriptionLost(Throwable cause) {
    receiving.add("lost");
  }

  @Override
  public void subscribed() {
    receiving.add("subscribed");
  }

  @Override
  public void checkFailed(RuntimeException cause) {
    receiving.add("check failed");
  }

  @Override
  public void replayed(int messages) {
    receiving.add("replayed " + messages);
  }
}

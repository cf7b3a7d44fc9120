package io.github.cacheinvalidation.internal.cache;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.FillRefusal;
import io.github.cacheinvalidation.InvalidationObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what happened to caches, in order. */
public final class RecordingObserver implements InvalidationObserver {

  private final List<String> events = new CopyOnWriteArrayList<>();

  /** Returns what happened since the last call. */
  public List<String> events() {
    List<String> happened = List.copyOf(events);
    events.removeAll(happened);
    return happened;
  }

  @Override
  public void applied(String cache, int keys) {
    events.add("applied " + cache + " " + keys);
  }

  @Override
  public void cleared(String cache, ClearReason reason) {
    events.add("cleared " + cache + " " + reason);
  }

  @Override
  public void fillRefused(String cache, FillRefusal reason) {
    events.add("refused " + cache + " " + reason);
  }

  @Override
  public void leaderFailed(String cache) {
    events.add("leader failed " + cache);
  }
}

package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.InvalidationObserver;
import java.util.ArrayList;
import java.util.List;

/** Remembers what the receiver said happened. */
final class RecordingObserver implements InvalidationObserver {

  private final List<String> happened = new ArrayList<>();

  List<String> happened() {
    return happened;
  }

  int count(String what) {
    return (int) happened.stream().filter(what::equals).count();
  }

  @Override
  public void unreadable(String kind, String detail) {
    happened.add("unreadable");
  }

  @Override
  public void joined() {
    happened.add("joined");
  }

  @Override
  public void subscriptionLost(Throwable cause) {
    happened.add("lost");
  }

  @Override
  public void subscribed() {
    happened.add("subscribed");
  }

  @Override
  public void checkFailed(RuntimeException cause) {
    happened.add("check failed");
  }

  @Override
  public void replayed(int messages) {
    happened.add("replayed " + messages);
  }
}

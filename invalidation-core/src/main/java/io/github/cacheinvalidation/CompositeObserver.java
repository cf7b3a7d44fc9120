package io.github.cacheinvalidation;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notifies several observers in order. An exception from one observer does not stop the next. */
final class CompositeObserver implements InvalidationObserver {

  private static final Logger log = LoggerFactory.getLogger(InvalidationObserver.class);

  private final List<InvalidationObserver> observers;

  CompositeObserver(List<? extends InvalidationObserver> observers) {
    this.observers = List.copyOf(observers);
  }

  @Override
  public void published(int keys, int wholeCaches) {
    tell(observer -> observer.published(keys, wholeCaches));
  }

  @Override
  public void publishFailed(RuntimeException cause) {
    tell(observer -> observer.publishFailed(cause));
  }

  @Override
  public void outboxOverflowed(String cache, OverflowCause cause) {
    tell(observer -> observer.outboxOverflowed(cache, cause));
  }

  @Override
  public void foreignWriteFailed(String cache, Throwable cause, boolean retried) {
    tell(observer -> observer.foreignWriteFailed(cache, cause, retried));
  }

  @Override
  public void keyNotEncodable(String cache, Class<?> type) {
    tell(observer -> observer.keyNotEncodable(cache, type));
  }

  @Override
  public void keyNotEncodable(String cache, Class<?> type, Class<?> part, String reason) {
    tell(observer -> observer.keyNotEncodable(cache, type, part, reason));
  }

  @Override
  public void keyTooLong(String cache, Class<?> type, int bytes, int most) {
    tell(observer -> observer.keyTooLong(cache, type, bytes, most));
  }

  @Override
  public void applied(String cache, int keys) {
    tell(observer -> observer.applied(cache, keys));
  }

  @Override
  public void cleared(String cache, ClearReason reason) {
    tell(observer -> observer.cleared(cache, reason));
  }

  @Override
  public void fillRefused(String cache, FillRefusal reason) {
    tell(observer -> observer.fillRefused(cache, reason));
  }

  @Override
  public void loadJoined(String cache) {
    tell(observer -> observer.loadJoined(cache));
  }

  @Override
  public void leaderFailed(String cache) {
    tell(observer -> observer.leaderFailed(cache));
  }

  @Override
  public void unreadable(String kind, String detail) {
    tell(observer -> observer.unreadable(kind, detail));
  }

  @Override
  public void joined() {
    tell(InvalidationObserver::joined);
  }

  @Override
  public void subscriptionLost(Throwable cause) {
    tell(observer -> observer.subscriptionLost(cause));
  }

  @Override
  public void subscribed() {
    tell(InvalidationObserver::subscribed);
  }

  @Override
  public void checked() {
    tell(InvalidationObserver::checked);
  }

  @Override
  public void checkFailed(RuntimeException cause) {
    tell(observer -> observer.checkFailed(cause));
  }

  @Override
  public void replayed(int messages) {
    tell(observer -> observer.replayed(messages));
  }

  @Override
  public void writtenTooLate(String cache) {
    tell(observer -> observer.writtenTooLate(cache));
  }

  @Override
  public void unpublishedAtStop(int keys, int wholeCaches, @Nullable RuntimeException cause) {
    tell(observer -> observer.unpublishedAtStop(keys, wholeCaches, cause));
  }

  @Override
  public void statusChanged(NodeStatus before, NodeStatus now) {
    tell(observer -> observer.statusChanged(before, now));
  }

  private void tell(Consumer<InvalidationObserver> event) {
    for (InvalidationObserver observer : observers) {
      try {
        event.accept(observer);
      } catch (RuntimeException | Error failure) {
        log.warn("The observer {} threw an exception, which is ignored", observer, failure);
      }
    }
  }
}

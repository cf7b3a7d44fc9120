package io.github.cacheinvalidation.autoconfigure;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.InvalidationObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;

/** Counts the events of a node. */
public final class Watch implements InvalidationObserver {

  final AtomicInteger joined = new AtomicInteger();

  final AtomicInteger published = new AtomicInteger();

  final AtomicInteger publicationsFailed = new AtomicInteger();

  final AtomicInteger applied = new AtomicInteger();

  final AtomicInteger checked = new AtomicInteger();

  final AtomicInteger checksFailed = new AtomicInteger();

  final AtomicInteger subscriptionsLost = new AtomicInteger();

  final List<String> clears = new CopyOnWriteArrayList<>();

  final List<String> unreadable = new CopyOnWriteArrayList<>();

  final List<String> lostAtStop = new CopyOnWriteArrayList<>();

  static Watch of(ApplicationContext context) {
    return context.getBean(Watch.class);
  }

  /** Waits with more patience than any machine should need. */
  public static ConditionFactory patiently() {
    return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20));
  }

  static void awaitJoined(ApplicationContext context) {
    awaitJoined(context, 1);
  }

  static void awaitJoined(ApplicationContext context, int times) {
    Watch watch = of(context);
    patiently().until(() -> watch.joined.get() >= times);
  }

  @Override
  public void joined() {
    joined.incrementAndGet();
  }

  @Override
  public void published(int keys, int wholeCaches) {
    published.addAndGet(keys + wholeCaches);
  }

  @Override
  public void publishFailed(RuntimeException cause) {
    publicationsFailed.incrementAndGet();
  }

  @Override
  public void applied(String cache, int keys) {
    applied.addAndGet(keys);
  }

  @Override
  public void checked() {
    checked.incrementAndGet();
  }

  @Override
  public void checkFailed(RuntimeException cause) {
    checksFailed.incrementAndGet();
  }

  @Override
  public void subscriptionLost(Throwable cause) {
    subscriptionsLost.incrementAndGet();
  }

  @Override
  public void cleared(String cache, ClearReason reason) {
    clears.add(cache + " " + reason);
  }

  @Override
  public void unreadable(String kind, String detail) {
    unreadable.add(kind);
  }

  @Override
  public void unpublishedAtStop(int keys, int wholeCaches, @Nullable RuntimeException cause) {
    lostAtStop.add(keys + "+" + wholeCaches);
  }
}

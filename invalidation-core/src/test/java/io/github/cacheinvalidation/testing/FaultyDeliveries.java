package io.github.cacheinvalidation.testing;

import io.github.cacheinvalidation.internal.channel.Feed;
import io.github.cacheinvalidation.internal.channel.Subscriber;
import io.github.cacheinvalidation.internal.channel.Subscription;
import io.github.cacheinvalidation.internal.message.Delivery;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The faults of a channel in delivering the messages of its subscription. */
final class FaultyDeliveries {

  private final Countdown drops = new Countdown();
  private final Countdown duplicates = new Countdown();
  private final List<Delivery> held = new ArrayList<>();
  private boolean holding;
  private int dropped;
  private UnaryOperator<Delivery> rewriting = UnaryOperator.identity();
  private @Nullable Ear current;

  void drop(int count) {
    drops.set(count);
  }

  synchronized int dropped() {
    return dropped;
  }

  void duplicate(int count) {
    duplicates.set(count);
  }

  synchronized void hold() {
    holding = true;
  }

  synchronized int held() {
    return held.size();
  }

  synchronized void release(boolean reversed) {
    holding = false;
    List<Delivery> released = new ArrayList<>(held);
    held.clear();
    if (reversed) {
      Collections.reverse(released);
    }
    released.forEach(this::inject);
  }

  synchronized void rewrite(UnaryOperator<Delivery> newRewriting) {
    rewriting = newRewriting;
  }

  synchronized void inject(Delivery delivery) {
    if (current != null) {
      current.subscriber.received(delivery);
    }
  }

  synchronized void lose(Throwable cause) {
    Ear ear = current;
    if (ear != null) {
      current = null;
      held.clear();
      ear.closeTarget();
      ear.subscriber.lost(cause);
    }
  }

  synchronized void heal() {
    drops.set(0);
    duplicates.set(0);
    rewriting = UnaryOperator.identity();
    release(false);
  }

  synchronized Subscription subscribe(Feed target, Subscriber subscriber) {
    Ear ear = new Ear(subscriber);
    current = ear;
    held.clear();
    ear.target = target.subscribe(ear);
    return ear;
  }

  private synchronized void arrived(Ear ear, Delivery delivery) {
    if (ear != current) {
      return;
    }
    if (drops.next()) {
      dropped++;
      return;
    }
    Delivery rewritten = rewriting.apply(delivery);
    int times = duplicates.next() ? 2 : 1;
    for (int i = 0; i < times; i++) {
      if (holding) {
        held.add(rewritten);
      } else {
        ear.subscriber.received(rewritten);
      }
    }
  }

  private synchronized void subscribed(Ear ear) {
    if (ear == current) {
      ear.subscriber.subscribed();
    }
  }

  private synchronized void lost(Ear ear, Throwable cause) {
    if (ear == current) {
      current = null;
      ear.subscriber.lost(cause);
    }
  }

  private synchronized void closed(Ear ear) {
    if (ear == current) {
      current = null;
      held.clear();
    }
    ear.closeTarget();
  }

  /** One subscription; once it is not the current one, nothing of it is heard any more. */
  private final class Ear implements Subscriber, Subscription {

    private final Subscriber subscriber;
    private @Nullable Subscription target;

    Ear(Subscriber subscriber) {
      this.subscriber = subscriber;
    }

    private void closeTarget() {
      if (target != null) {
        target.close();
      }
    }

    @Override
    public void subscribed() {
      FaultyDeliveries.this.subscribed(this);
    }

    @Override
    public void received(Delivery delivery) {
      arrived(this, delivery);
    }

    @Override
    public boolean isBehind() {
      return subscriber.isBehind();
    }

    @Override
    public void lost(Throwable cause) {
      FaultyDeliveries.this.lost(this, cause);
    }

    @Override
    public void close() {
      closed(this);
    }
  }
}

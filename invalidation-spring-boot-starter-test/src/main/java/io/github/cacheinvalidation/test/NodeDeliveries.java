package io.github.cacheinvalidation.test;

import io.github.cacheinvalidation.internal.channel.Feed;
import io.github.cacheinvalidation.internal.channel.Subscriber;
import io.github.cacheinvalidation.internal.channel.Subscription;
import io.github.cacheinvalidation.internal.message.Delivery;
import io.github.cacheinvalidation.internal.message.Position;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The messages on their way to one node: some are lost, some are held back. The node's own messages
 * are never lost, so that a test need not count them.
 */
final class NodeDeliveries {

  private final List<Delivery> held = new ArrayList<>();

  private final Set<String> own = new HashSet<>();

  private @Nullable NodeSubscription current;

  private boolean holding;

  private int drops;

  synchronized void drop(int messages) {
    drops = messages;
  }

  synchronized void hold() {
    holding = true;
  }

  synchronized boolean isHolding() {
    return holding;
  }

  /** Delivers the held messages in order on this thread. */
  synchronized void release() {
    holding = false;
    List<Delivery> released = List.copyOf(held);
    held.clear();
    NodeSubscription present = current;
    if (present != null) {
      released.forEach(present.subscriber::received);
    }
  }

  /** The node publishes a message with this random id, which the server will send back. */
  synchronized void expectOwn(String nonce) {
    own.add(nonce);
  }

  /** Ends the subscription as a broken connection does; held messages are lost. */
  synchronized void lose(Throwable cause) {
    NodeSubscription present = current;
    forget();
    if (present != null) {
      present.subscriber.lost(cause);
    }
  }

  synchronized Subscription subscribe(Feed feed, Subscriber subscriber) {
    forget();
    NodeSubscription made = new NodeSubscription(subscriber);
    current = made;
    made.target = feed.subscribe(made);
    return made;
  }

  private void forget() {
    current = null;
    held.clear();
    own.clear();
  }

  private synchronized void arrived(NodeSubscription from, Delivery delivery) {
    if (from != current) {
      return;
    }
    Position position = delivery.position();
    boolean ours = position != null && own.remove(position.nonce());
    if (drops > 0 && !ours) {
      drops--;
    } else if (holding) {
      held.add(delivery);
    } else {
      from.subscriber.received(delivery);
    }
  }

  private synchronized void confirmed(NodeSubscription from) {
    if (from == current) {
      from.subscriber.subscribed();
    }
  }

  private synchronized void lost(NodeSubscription from, Throwable cause) {
    if (from == current) {
      lose(cause);
    }
  }

  private synchronized void closed(NodeSubscription from) {
    if (from == current) {
      forget();
    }
  }

  /** One subscription of the node; nothing of it is delivered once it is not the current one. */
  private final class NodeSubscription implements Subscriber, Subscription {

    private final Subscriber subscriber;

    private @Nullable Subscription target;

    NodeSubscription(Subscriber subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void subscribed() {
      confirmed(this);
    }

    @Override
    public void received(Delivery delivery) {
      arrived(this, delivery);
    }

    @Override
    public void lost(Throwable cause) {
      NodeDeliveries.this.lost(this, cause);
    }

    @Override
    public void close() {
      closed(this);
      Subscription made = target;
      if (made != null) {
        made.close();
      }
    }
  }
}

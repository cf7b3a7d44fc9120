package io.github.cacheinvalidation.convergence;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.Feed;
import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.MessageLog;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.Subscriber;
import io.github.cacheinvalidation.internal.channel.Subscription;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.message.Delivery;
import io.github.cacheinvalidation.internal.message.Position;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes the check away: it always tells the position of the last message that arrived. */
final class UncheckedChannel implements Channel, MessageLog, Feed {

  private final Channel target;

  private volatile @Nullable Position lastSeen;

  UncheckedChannel(Channel target) {
    this.target = target;
  }

  @Override
  public Tip tip() {
    Tip tip = target.log().tip();
    Position seen = lastSeen;
    if (seen == null) {
      lastSeen = tip.position();
      return tip;
    }
    return new Tip(seen, tip.serverId(), false);
  }

  @Override
  public Subscription subscribe(Subscriber subscriber) {
    return target
        .feed()
        .subscribe(
            new Subscriber() {
              @Override
              public void subscribed() {
                subscriber.subscribed();
              }

              @Override
              public void received(Delivery delivery) {
                Position position = delivery.position();
                if (position != null) {
                  lastSeen = position;
                }
                subscriber.received(delivery);
              }

              @Override
              public void lost(Throwable cause) {
                subscriber.lost(cause);
              }
            });
  }

  @Override
  public MessageLog log() {
    return this;
  }

  @Override
  public Feed feed() {
    return this;
  }

  @Override
  public String name() {
    return target.name();
  }

  @Override
  public void append(Publication publication) {
    target.log().append(publication);
  }

  @Override
  public boolean tryExecute(Runnable task) {
    return target.log().tryExecute(task);
  }

  @Override
  public boolean tryAppend(
      Publication publication, boolean ahead, Consumer<@Nullable ChannelException> outcome) {
    return target.log().tryAppend(publication, ahead, outcome);
  }

  @Override
  public LogPage read(Position from, int limit) {
    return target.log().read(from, limit);
  }

  @Override
  public void close() {
    target.close();
  }
}

package io.github.cacheinvalidation.internal.channel.redis;

import io.github.cacheinvalidation.internal.channel.Subscriber;
import io.github.cacheinvalidation.internal.message.Delivery;
import io.github.cacheinvalidation.testing.RecordingSubscriber;

/** A subscriber that tells another one everything. */
class ForwardingSubscriber implements Subscriber {

  private final RecordingSubscriber recording;

  ForwardingSubscriber(RecordingSubscriber recording) {
    this.recording = recording;
  }

  @Override
  public void subscribed() {
    recording.subscribed();
  }

  @Override
  public void received(Delivery delivery) {
    recording.received(delivery);
  }

  @Override
  public void lost(Throwable cause) {
    recording.lost(cause);
  }
}

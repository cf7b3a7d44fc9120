package io.github.cacheinvalidation.internal.channel.redis;

import io.github.cacheinvalidation.testing.RecordingSubscriber;

/** A subscriber that is behind from its first message on. */
final class SlowSubscriber extends ForwardingSubscriber {

  final RecordingSubscriber recording;
  volatile boolean behind = true;

  SlowSubscriber(RecordingSubscriber recording) {
    super(recording);
    this.recording = recording;
  }

  @Override
  public boolean isBehind() {
    return behind && !recording.deliveries().isEmpty();
  }
}

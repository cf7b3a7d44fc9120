package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.channel.MessageLog;
import io.github.cacheinvalidation.internal.key.KeyEncoder;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import io.github.cacheinvalidation.internal.message.MessageTracer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Makes the sender of each start of an outbox. */
record SenderFactory(
    KeyEncoder encoder,
    int maxBatchKeys,
    InvalidationObserver observer,
    Supplier<String> nonces,
    RandomGenerator random,
    ForeignPublisher foreign) {

  Sender create(
      OutboxState state, MessageLog messageLog, BodyWriter writer, @Nullable MessageTracer tracer) {
    MessagePacker packer = new MessagePacker(encoder, maxBatchKeys, observer);
    return new Sender(state, messageLog, writer, packer, observer, nonces, random, foreign, tracer);
  }
}

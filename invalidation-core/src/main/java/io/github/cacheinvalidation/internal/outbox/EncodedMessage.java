package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import io.github.cacheinvalidation.internal.message.MessageTracer;
import io.github.cacheinvalidation.internal.message.MessageTracer.Tracing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The contents of one message, within the limits of {@link MessagePacker}.
 *
 * @param caches the stale keys and caches, with encoded keys
 * @param keyCount the number of keys; one packed array can hold many keys
 * @param tracing follows the publication
 */
record EncodedMessage(List<Invalidation.OfCache<byte[]>> caches, int keyCount, Tracing tracing) {

  EncodedMessage(List<Invalidation.OfCache<byte[]>> caches, int keyCount) {
    this(caches, keyCount, Tracing.NONE);
  }

  /** Returns the same message, whose publication begins now, or goes on after a direct attempt. */
  EncodedMessage traced(@Nullable MessageTracer tracer, Batch batch) {
    if (tracer == null) {
      return this;
    }
    Tracing begun = batch.takeTracing();
    return new EncodedMessage(
        caches,
        keyCount,
        begun == null ? tracer.publishing(batch.cause(), keyCount, wholeCount()) : begun);
  }

  /** The batch has ended before this message was sent. */
  void notSent() {
    tracing.ended(new ChannelException("The message was not sent", null));
  }

  int wholeCount() {
    return (int) caches.stream().filter(Invalidation.Whole.class::isInstance).count();
  }

  byte[] body(BodyWriter writer) {
    return writer.write(caches, tracing.fields());
  }
}

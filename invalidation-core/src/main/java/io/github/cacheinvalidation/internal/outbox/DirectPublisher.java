package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.channel.MessageLog;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import io.github.cacheinvalidation.internal.message.MessageTracer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes a writer's batch directly. The writer hands the batch to the event loop and does not
 * wait. The message is announced before the log accepts it, so that other nodes evict early. They
 * usually evict before a writer that waits for acceptance returns. If the publication fails, the
 * sender publishes the batch again at once. The observer is notified only if that fails too.
 */
record DirectPublisher(
    OutboxState state,
    InvalidationObserver observer,
    MessageLog messageLog,
    BodyWriter writer,
    MessagePacker packer,
    Supplier<String> nonces,
    ForeignPublisher foreign,
    @Nullable MessageTracer tracer) {

  private static final Logger log = LoggerFactory.getLogger(DirectPublisher.class);

  /** Hands a batch to the event loop. Called by the writer, without the lock. */
  void send(Batch taken) {
    boolean handedOver = false;
    try {
      handedOver = messageLog.tryExecute(() -> publish(taken));
    } finally {
      if (!handedOver) {
        state.directFailed(taken);
      }
    }
  }

  private void publish(Batch taken) {
    boolean begun = false;
    try {
      List<EncodedMessage> messages = new ArrayList<>(1);
      packer.pack(taken.contents(), messages::add);
      begun = messages.size() == 1 && tryPublishTraced(taken, messages.get(0));
    } catch (RuntimeException | Error broken) {
      log.debug("A direct publication failed; the sender publishes the batch again", broken);
    }
    if (!begun) {
      state.directFailed(taken);
    }
  }

  private boolean tryPublishTraced(Batch taken, EncodedMessage message) {
    EncodedMessage traced = message.traced(tracer, taken);
    boolean begun = false;
    try {
      begun = tryPublish(taken, traced);
    } finally {
      if (!begun) {
        taken.keepTracing(traced.tracing());
      }
    }
    return begun;
  }

  private boolean tryPublish(Batch taken, EncodedMessage message) {
    return messageLog.tryAppend(
        new Publication(nonces.get(), message.body(writer)),
        true,
        failure -> {
          if (failure == null) {
            message.tracing().ended(null);
            accepted(taken, message);
          } else {
            taken.keepTracing(message.tracing());
            state.directFailed(taken);
            log.debug("A direct publication was refused or lost; the sender repeats it", failure);
          }
        });
  }

  private void accepted(Batch taken, EncodedMessage message) {
    writer.accepted(message.caches());
    if (state.directAccepted(taken)) {
      foreign.add(taken);
    }
    tell(() -> Publisher.tellPublished(observer, message));
  }

  /** Called last, because an observer may throw an exception or stop the node. */
  private static void tell(Runnable observation) {
    try {
      observation.run();
    } catch (RuntimeException | Error broken) {
      log.error("An observer threw an exception from published(); it is ignored", broken);
    }
  }
}

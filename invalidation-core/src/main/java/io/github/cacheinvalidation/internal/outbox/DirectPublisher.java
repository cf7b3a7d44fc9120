package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.channel.MessageLog;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what a writer has just added, on the thread of the channel, to which the writer hands
 * it without waiting. Whatever comes of it but success is the sender's, which publishes again at
 * once and tells the observer if that fails too.
 *
 * @param ahead whether others are told of a message before it is accepted
 */
record DirectPublisher(
    OutboxState state,
    InvalidationObserver observer,
    MessageLog messageLog,
    BodyWriter writer,
    MessagePacker packer,
    Supplier<String> nonces,
    boolean ahead) {

  private static final Logger log = LoggerFactory.getLogger(DirectPublisher.class);

  /** Called by the writer. */
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
      begun = messages.size() == 1 && tryPublish(taken, messages.get(0));
    } catch (RuntimeException | Error broken) {
      log.debug("What a writer handed over could not be published; the sender does", broken);
    }
    if (!begun) {
      state.directFailed(taken);
    }
  }

  private boolean tryPublish(Batch taken, EncodedMessage message) {
    return messageLog.tryAppend(
        new Publication(nonces.get(), writer.write(message.caches())),
        ahead,
        failure -> {
          if (failure == null) {
            accepted(taken, message);
          } else {
            state.directFailed(taken);
            log.debug("The sender publishes what a writer could not", failure);
          }
        });
  }

  private void accepted(Batch taken, EncodedMessage message) {
    state.directAccepted(taken);
    tell(() -> Publisher.tellPublished(observer, message));
  }

  /** Last of all, since an observer may break, or stop the node. */
  private static void tell(Runnable observation) {
    try {
      observation.run();
    } catch (RuntimeException | Error broken) {
      log.error("An observer of publications failed", broken);
    }
  }
}

package io.github.cacheinvalidation.internal.outbox;

import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.ForeignMessageWriter;
import io.github.cacheinvalidation.ForeignMessageWriter.Message;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** An outbox whose accepted invalidations are also written in an old form. */
abstract class ForeignPublisherFixture extends OutboxFixture {

  /** Writes {@code old c:1} for key 1 of cache c, and {@code old c} for the whole cache. */
  static final ForeignMessageWriter OLD_FORM =
      stale ->
          stale instanceof Invalidation.Keys<Object> some
              ? some.keys().stream()
                  .map(key -> Message.of("old", stale.cache() + ":" + key))
                  .toList()
              : List.of(Message.of("old", stale.cache()));

  @BeforeEach
  void useTheOldForm() {
    use(OLD_FORM);
  }

  void use(ForeignMessageWriter... all) {
    writers.clear();
    writers.addAll(List.of(all));
    outbox = outbox(512, 100_000, false);
  }

  List<String> awaitForeign(int messages) {
    await().atMost(PATIENCE).until(() -> channel.foreign().size() >= messages);
    return channel.foreign();
  }

  static ChannelException noAnswer() {
    return new ChannelException("Injected: no answer", null);
  }
}

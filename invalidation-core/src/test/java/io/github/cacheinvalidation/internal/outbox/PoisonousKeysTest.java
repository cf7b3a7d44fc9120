package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.KeyCodec;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An unusable key or name stands for its whole cache, and nothing else is lost. */
@Tag("G5")
class PoisonousKeysTest extends OutboxFixture {

  /** A key whose own methods throw. */
  private static final class Poison {

    private final int hash;

    private final boolean throwing;

    Poison(int hash, boolean throwing) {
      this.hash = hash;
      this.throwing = throwing;
    }

    @Override
    public int hashCode() {
      if (throwing) {
        throw new IllegalStateException("Injected: no hash code");
      }
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      throw new ClassCastException("Injected: not comparable");
    }
  }

  @Test
  void aKeyWhoseHashCodeThrows_standsForItsCacheAndNothingElseIsLost() throws InterruptedException {
    startBusy();

    outbox.add("c", 1);
    outbox.add("c", new Poison(0, true));
    outbox.add("d", 2);
    channel.letThrough(2);

    assertThat(channel.awaitAccepted(2).get(1)).isEqualTo(body("me", "\"c\":\"*\",\"d\":[2]"));
    assertThat(observer.publishingEvents()).contains("not encodable c Poison");
  }

  @Test
  void aKeyWhoseEqualsThrows_doesNotLoseTheRestOfItsTransaction() throws InterruptedException {
    startBusy();
    outbox.add("c", 7);

    outbox.addAll(
        List.of(
            new Invalidation.Keys<>("c", Set.of(new Poison(7, false))),
            new Invalidation.Keys<>("d", Set.of(8)),
            new Invalidation.Whole<>("e")));
    channel.letThrough(2);

    assertThat(channel.awaitAccepted(2).get(1))
        .isEqualTo(body("me", "\"c\":\"*\",\"d\":[8],\"e\":\"*\""));
  }

  @Test
  void aCodecThatThrows_standsForTheCacheAndTheSenderLives() {
    codecs.add(
        KeyCodec.of(
            "poison",
            Poison.class,
            key -> {
              throw new AssertionError("Injected: broken codec");
            },
            text -> new Poison(0, false)));
    outbox = outbox(512, 100, false);
    start();

    outbox.add("c", new Poison(1, false));
    channel.awaitAccepted(1);
    outbox.add("d", 2);

    assertThat(channel.awaitAccepted(2))
        .containsExactly(body("me", "\"c\":\"*\""), body("me", "\"d\":[2]"));
  }

  @Test
  void aCacheWhoseNameIsNotUnicode_isReportedAndTheSenderLives() throws InterruptedException {
    startBusy();

    outbox.add("c", 1);
    outbox.add("\uD800", 2);
    outbox.add("n".repeat(20_000), 2);
    outbox.add("d", 3);
    channel.letThrough(1_000);

    assertThat(channel.awaitAccepted(2).get(1)).isEqualTo(body("me", "\"c\":[1],\"d\":[3]"));
    assertThat(observer.publishingEvents()).contains("not encodable \uD800 String");
    outbox.add("e", 4);
    assertThat(channel.awaitAccepted(3)).hasSize(3);
  }

  @Test
  void anInterruptOnTheSendersThread_endsNothing() {
    codecs.add(
        KeyCodec.of(
            "poison",
            Poison.class,
            key -> {
              Thread.currentThread().interrupt();
              return "p";
            },
            text -> new Poison(0, false)));
    outbox = outbox(512, 100, false);
    start();

    outbox.add("c", new Poison(0, false));
    channel.awaitAccepted(1);
    outbox.add("c", 7);

    assertThat(channel.awaitAccepted(2).get(1)).isEqualTo(body("me", "\"c\":[7]"));
  }
}

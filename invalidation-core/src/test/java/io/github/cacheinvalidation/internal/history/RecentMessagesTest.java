package io.github.cacheinvalidation.internal.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.github.cacheinvalidation.ForeignMessageReader;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.history.PastInvalidation.Sender;
import io.github.cacheinvalidation.internal.key.KeyEncoder;
import io.github.cacheinvalidation.internal.key.WireKey;
import io.github.cacheinvalidation.internal.message.MessageReader;
import io.github.cacheinvalidation.internal.message.UnreadableMessageException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.cache.interceptor.SimpleKey;

class RecentMessagesTest {

  private static final Instant NOW = Instant.parse("2026-01-31T03:00:00Z");

  private final RecentMessages recent = new RecentMessages(3, new KeyEncoder(List.of()), () -> NOW);

  enum Colour {
    RED
  }

  record Size(int width, String unit) {}

  @Test
  void keysOfAnotherNode_areRememberedWithTheSenderAndWhatTheyEvicted() {
    recent.evicted("b/1", "prices", List.of(WireKey.text("seven")), 1, 1);

    assertThat(recent.newestFirst())
        .containsExactly(
            new PastInvalidation(
                NOW,
                Sender.NODE,
                "b/1",
                "prices",
                true,
                1,
                List.of(new PastInvalidation.Key("seven", "3ba8d02b16fd2a01")),
                1L));
  }

  @Test
  void messageWithoutOrigin_isOfAnotherProgram() {
    recent.cleared(null, "prices", 12);
    recent.unknownCache(null, "nowhere");

    assertThat(recent.newestFirst())
        .extracting(
            PastInvalidation::sender,
            PastInvalidation::cache,
            PastInvalidation::known,
            PastInvalidation::keys,
            PastInvalidation::evicted)
        .containsExactly(
            tuple(Sender.FOREIGN, "nowhere", false, null, 0L),
            tuple(Sender.FOREIGN, "prices", true, null, 12L));
  }

  @Test
  void onlyTheLastOnes_areRemembered_newestFirst() {
    for (int i = 0; i < 5; i++) {
      recent.cleared("b/1", "cache" + i, 0);
    }

    assertThat(recent.newestFirst())
        .extracting(PastInvalidation::cache)
        .containsExactly("cache4", "cache3", "cache2");
  }

  @Test
  void ownKeys_lookAsTheyDoOnAnotherNode() throws UnreadableMessageException {
    List<Object> keys =
        List.of(7L, 7, "text", Colour.RED, new Size(3, "cm"), new SimpleKey(1, "a"), List.of(1, 2));
    recent.accepted(List.of(new Invalidation.Keys<>("prices", keys)));

    PastInvalidation own = recent.newestFirst().get(0);

    assertThat(own.sender()).isEqualTo(Sender.OWN);
    assertThat(own.evicted()).isNull();
    assertThat(own.someKeys())
        .extracting(PastInvalidation.Key::text)
        .containsExactly(
            "7", "7", "text", "RED", "RecentMessagesTest$Size[3, cm]", "SimpleKey[1, a]", "[1, 2]");
    for (Object key : keys) {
      recent.evicted("b/1", "prices", List.of(onTheWire(key)), 1, 0);
      recent.accepted(List.of(new Invalidation.Keys<>("prices", List.of(key))));
      List<PastInvalidation> both = recent.newestFirst();
      assertThat(both.get(0).someKeys()).isEqualTo(both.get(1).someKeys());
    }
  }

  private static WireKey onTheWire(Object key) throws UnreadableMessageException {
    byte[] encoded = new KeyEncoder(List.of()).encode(key);
    String body =
        "{\"v\":1,\"from\":\"b/1\",\"body\":1,\"caches\":{\"prices\":["
            + new String(encoded, StandardCharsets.UTF_8)
            + "]}}";
    Invalidation<WireKey> read =
        new MessageReader(List.of())
            .read(body.getBytes(StandardCharsets.UTF_8), false)
            .invalidations()
            .get(0);
    return ((Invalidation.Keys<WireKey>) read).keys().iterator().next();
  }

  @Test
  void manyOrLongKeys_takeLittleMemory() {
    List<WireKey> many =
        IntStream.range(0, 1000).mapToObj(i -> WireKey.text("x".repeat(1000) + i)).toList();
    recent.evicted("b/1", "prices", many, 1000, 0);

    PastInvalidation past = recent.newestFirst().get(0);

    assertThat(past.keys()).isEqualTo(1000);
    assertThat(past.someKeys())
        .hasSize(RecentMessages.MOST_KEYS)
        .allMatch(key -> key.text().length() == 103)
        .extracting(PastInvalidation.Key::hash)
        .doesNotHaveDuplicates();
  }

  /** A reader of the application makes such keys. */
  @Test
  void keyWhoseToStringThrows_isShownAsItsClass_andAMessageDoesNotCallIt()
      throws UnreadableMessageException {
    Object broken =
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("Injected");
          }
        };
    ForeignMessageReader reader = bytes -> List.of(Invalidation.keys("prices", broken));
    Invalidation<WireKey> read =
        new MessageReader(List.of(reader))
            .read("?".getBytes(StandardCharsets.UTF_8), true)
            .invalidations()
            .get(0);

    recent.evicted(null, "prices", keysOf(read), 1, 1);

    assertThat(recent.newestFirst().get(0).someKeys())
        .extracting(PastInvalidation.Key::text)
        .containsExactly(broken.getClass().getName());
  }

  private static Collection<WireKey> keysOf(Invalidation<WireKey> read) {
    return read instanceof Invalidation.Keys<WireKey> keys
        ? keys.keys()
        : ((Invalidation.OpenKeys<WireKey>) read).keys();
  }

  @Test
  void sizeBelowOne_isRefused() {
    assertThatThrownBy(() -> new RecentMessages(0, new KeyEncoder(List.of()), () -> NOW))
        .hasMessage("'most' must be at least 1 but was 0");
  }

  @Test
  void invalidationsOfAKey_areThoseThatNamedIt_orItsCache_orTooManyKeys() {
    RecentMessages many = new RecentMessages(10, new KeyEncoder(List.of()), () -> NOW);
    many.evicted("named/1", "prices", List.of(WireKey.text("6"), WireKey.text("7")), 2, 1);
    many.evicted("other key/1", "prices", List.of(WireKey.text("8")), 1, 1);
    many.evicted("other cache/1", "lists", List.of(WireKey.text("7")), 1, 1);
    many.cleared("cleared/1", "prices", 3);
    List<WireKey> some =
        IntStream.range(100, 120).mapToObj(i -> WireKey.text(String.valueOf(i))).toList();
    many.evicted("too many/1", "prices", some, 20, 0);

    assertThat(many.concerning("prices", 7L))
        .extracting(PastInvalidation::origin)
        .containsExactly("too many/1", "cleared/1", "named/1");
  }
}

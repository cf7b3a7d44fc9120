package io.github.cacheinvalidation.internal.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.KeyCodec;
import io.github.cacheinvalidation.internal.key.KeyEncoder;
import io.github.cacheinvalidation.internal.key.KeyTypes;
import io.github.cacheinvalidation.internal.key.WireKey;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import io.github.cacheinvalidation.internal.message.MessageReader;
import io.github.cacheinvalidation.testing.RecordingObserver;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The limits of a message. */
@Tag("G5")
class MessagePackerTest {

  private final RecordingObserver observer = new RecordingObserver();

  private final MessagePacker packer = new MessagePacker(new KeyEncoder(List.of()), 512, observer);

  private List<EncodedMessage> pack(List<Invalidation.OfCache<Object>> contents) {
    List<EncodedMessage> messages = new ArrayList<>();
    packer.pack(contents, messages::add);
    return messages;
  }

  private static Invalidation.OfCache<Object> keys(String cache, Object... keys) {
    return new Invalidation.Keys<>(cache, new LinkedHashSet<>(List.of(keys)));
  }

  private static Invalidation.Keys<Object> numbers(String cache, int count) {
    Set<Object> keys =
        IntStream.range(0, count).boxed().collect(Collectors.toCollection(LinkedHashSet::new));
    return new Invalidation.Keys<>(cache, keys);
  }

  @Test
  void aMessage_closesAtItsNumberOfKeys() {
    List<EncodedMessage> messages = pack(List.of(numbers("a", 500), numbers("b", 600)));

    assertThat(messages).extracting(EncodedMessage::keyCount).containsExactly(512, 512, 76);
  }

  @Test
  void aMessage_closesAt64KiB() {
    List<Invalidation.OfCache<Object>> contents =
        IntStream.range(0, 40).mapToObj(i -> keys("cache" + i, i + "x".repeat(9_000))).toList();

    List<EncodedMessage> messages = pack(contents);

    assertThat(messages).allSatisfy(MessagePackerTest::assertWithinLimit);
    assertThat(messages.stream().mapToInt(EncodedMessage::keyCount).sum()).isEqualTo(40);
  }

  @Test
  void asManyKeysAsFit_areKeysForEveryReader() throws Exception {
    MessagePacker greedy =
        new MessagePacker(new KeyEncoder(List.of()), Integer.MAX_VALUE, observer);
    List<EncodedMessage> messages = new ArrayList<>();
    greedy.pack(List.of(numbers("a", 40_000)), messages::add);

    assertThat(messages).hasSizeGreaterThan(1).anyMatch(message -> message.keyCount() > 10_000);
    for (EncodedMessage message : messages) {
      byte[] body = new BodyWriter("node", "id").write(message.caches());
      assertThat(new MessageReader(List.of()).read(body, false).invalidations())
          .hasOnlyElementsOfType(Invalidation.Keys.class);
    }
  }

  @Test
  void namesOfCaches_countToo() {
    String name = "n".repeat(1_000);
    List<Invalidation.OfCache<Object>> contents = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      contents.add(
          i % 2 == 0 ? new Invalidation.Whole<>(name + i) : Invalidation.keys(name + i, i));
    }

    List<EncodedMessage> messages = pack(contents);

    assertThat(messages).allSatisfy(MessagePackerTest::assertWithinLimit);
    assertThat(messages.stream().mapToInt(message -> message.caches().size()).sum()).isEqualTo(300);
  }

  private static void assertWithinLimit(EncodedMessage message) {
    assertThat(new BodyWriter("node", "id").write(message.caches()).length)
        .isLessThan(MessagePacker.MAX_MESSAGE_BYTES + 256);
  }

  @Tag("G7.9")
  @Test
  void aKeyAbove16KiB_standsForItsWholeCacheAndTheObserverIsTold() {
    List<EncodedMessage> messages =
        pack(List.of(keys("a", 1, "x".repeat(16 * 1024), 2), keys("b", "y".repeat(16 * 1024 - 2))));

    assertThat(messages).hasSize(1);
    assertFirstIsWholeAndSecondIsNot(messages.get(0));
    assertThat(observer.publishingEvents()).containsExactly("too long a String 16386/16384");
  }

  @Tag("G7.13")
  @Test
  void aKeyThatNobodyCanEncode_standsForItsWholeCache() {
    List<EncodedMessage> messages = pack(List.of(keys("a", 1, new Object()), keys("b", 2)));

    assertThat(messages).hasSize(1);
    assertFirstIsWholeAndSecondIsNot(messages.get(0));
    assertThat(observer.publishingEvents()).containsExactly("not encodable a Object");
  }

  private static void assertFirstIsWholeAndSecondIsNot(EncodedMessage message) {
    assertThat(message.caches()).hasSize(2);
    assertThat(message.caches().get(0)).isEqualTo(new Invalidation.Whole<>("a"));
    assertThat(message.caches().get(1)).isInstanceOf(Invalidation.Keys.class);
    assertThat(message.keyCount()).isEqualTo(1);
  }

  @Test
  void fewNumbers_areDigitsForPeopleToRead() {
    assertThat(body(numbers("a", MessagePacker.FEWEST_PACKED - 1))).contains("[0,1,2,3,");
  }

  @Test
  void manyNumbers_arePackedAndEverythingElseIsNot() throws Exception {
    Set<Object> keys = new LinkedHashSet<>(numbers("a", MessagePacker.FEWEST_PACKED).keys());
    keys.add(1L << 40);
    keys.add("text");

    String body = body(new Invalidation.Keys<>("a", keys));

    assertThat(body).contains("[\"text\",{\"packed\":\"").doesNotContain("1,2");
    Invalidation.Keys<WireKey> read =
        (Invalidation.Keys<WireKey>)
            new MessageReader(List.of()).read(body.getBytes(UTF_8), false).invalidations().get(0);
    KeyTypes types = new KeyTypes(List.of());
    List.of(0, 0L, "").forEach(types::register);
    assertThat(WireKey.count(read.keys())).isEqualTo(keys.size());
    assertThat(read.keys().stream().flatMap(key -> types.match(key).keys().stream()))
        .containsAll(keys);
  }

  @Test
  void numbersThatACodecEncodes_areNotPacked() {
    KeyCodec<Long> codec =
        KeyCodec.of("id", Long.class, id -> "#" + id, id -> Long.valueOf(id.substring(1)));
    MessagePacker coding = new MessagePacker(new KeyEncoder(List.of(codec)), 512, observer);
    Set<Object> keys = IntStream.range(0, 100).mapToObj(Long::valueOf).collect(Collectors.toSet());

    List<EncodedMessage> messages = new ArrayList<>();
    coding.pack(List.of(new Invalidation.Keys<>("a", keys)), messages::add);

    assertThat(new String(new BodyWriter("node", "id").write(messages.get(0).caches()), UTF_8))
        .contains("{\"codec\":[\"id\",\"#7\"]}")
        .doesNotContain("packed");
  }

  @Test
  void numbersThatDoNotPackWell_stayWithinTheLimit() {
    Set<Object> far = new LinkedHashSet<>();
    for (long i = 0; i < 20_000; i++) {
      far.add(i % 2 == 0 ? Long.MIN_VALUE + i : Long.MAX_VALUE / 2 - i);
    }
    MessagePacker greedy =
        new MessagePacker(new KeyEncoder(List.of()), Integer.MAX_VALUE, observer);
    List<EncodedMessage> messages = new ArrayList<>();

    greedy.pack(List.of(new Invalidation.Keys<>("a", far), keys("b", "c")), messages::add);

    assertThat(messages).hasSizeGreaterThan(1).allSatisfy(MessagePackerTest::assertWithinLimit);
    assertThat(messages.stream().mapToInt(EncodedMessage::keyCount).sum()).isEqualTo(20_001);
  }

  private String body(Invalidation.OfCache<Object> stale) {
    List<EncodedMessage> messages = pack(List.of(stale));
    assertThat(messages).hasSize(1);
    return new String(new BodyWriter("node", "id").write(messages.get(0).caches()), UTF_8);
  }

  @Test
  void nothing_isNoMessage() {
    assertThat(pack(List.of(keys("a")))).isEmpty();
  }
}

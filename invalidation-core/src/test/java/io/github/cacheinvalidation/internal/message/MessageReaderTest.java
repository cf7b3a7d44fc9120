package io.github.cacheinvalidation.internal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.KeyTypes;
import io.github.cacheinvalidation.internal.key.Wire;
import io.github.cacheinvalidation.internal.key.WireKey;
import io.github.cacheinvalidation.internal.message.UnreadableMessageException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("G7")
class MessageReaderTest {

  private final MessageReader reader = new MessageReader(List.of());

  private static final String BODY =
      "\"v\":1,\"from\":\"n/i\",\"body\":1,\"caches\":{\"products\":[7]}}";

  static Stream<Arguments> unreadable() {
    return Stream.of(
        arguments(Kind.MALFORMED, ""),
        arguments(Kind.MALFORMED, " "),
        arguments(Kind.MALFORMED, "hello"),
        arguments(Kind.MALFORMED, "7"),
        arguments(Kind.MALFORMED, "null"),
        arguments(Kind.MALFORMED, "\"products:7\""),
        arguments(Kind.MALFORMED, "[]"),
        arguments(Kind.MALFORMED, "{\"ahead\":7,\"cache\":\"products\"}"),
        arguments(
            Kind.MALFORMED,
            "{\"ahead\":\"n\",\"pos\":\"1-0/n\",\"prev\":\"\",\"cache\":\"products\"}"),
        arguments(Kind.MALFORMED, "[{\"cache\":\"products\"}]"),
        arguments(Kind.MALFORMED, "{\"cache\":\"products\""),
        arguments(Kind.MALFORMED, "{\"cache\":\"products\"}}"),
        arguments(Kind.MALFORMED, "{\"cache\":\"products\"}{}"),
        arguments(Kind.MALFORMED, "{\"cache\":\"products\"} x"),
        arguments(Kind.MALFORMED, "{\"cache\":\"products\",}"),
        arguments(Kind.MALFORMED, "{cache:\"products\"}"),
        arguments(Kind.MALFORMED, "{'cache':'products'}"),
        arguments(Kind.MALFORMED, "/* a */{\"cache\":\"products\"}"),
        arguments(Kind.MALFORMED, "\uFEFF{\"cache\":\"products\"}"),
        arguments(Kind.MALFORMED, "{\"cache\":\"a\",\"cache\":\"b\"}"),
        arguments(Kind.MALFORMED, "{\"pos\":\"1/a\",\"pos\":\"1/a\",\"prev\":\"\"," + BODY),
        arguments(Kind.MALFORMED, "{\"pos\":\"1/a\",\"prev\":\"\",\"prev\":\"\"," + BODY),
        arguments(Kind.MALFORMED, "{\"caches\":{}," + BODY),
        arguments(Kind.MALFORMED, "{\"caches\":7," + BODY),
        arguments(Kind.MALFORMED, "{\"pos\":\"1/a\"," + BODY),
        arguments(Kind.MALFORMED, "{\"prev\":\"1/a\"," + BODY),
        arguments(Kind.MALFORMED, "{\"pos\":\"\",\"prev\":\"1/a\"," + BODY),
        arguments(Kind.MALFORMED, "{\"pos\":\"1-0\",\"prev\":\"\"," + BODY),
        arguments(Kind.MALFORMED, "{\"pos\":7,\"prev\":\"\"," + BODY),
        arguments(Kind.MALFORMED, "{\"pos\":\"1/a\",\"prev\":null," + BODY),
        arguments(Kind.MALFORMED, "{\"v\":1}"),
        arguments(Kind.MALFORMED, "{\"v\":null}"),
        arguments(Kind.MALFORMED, "{\"v\":\"1\",\"body\":1,\"caches\":{}}"),
        arguments(Kind.MALFORMED, "{\"v\":1.0,\"body\":1,\"caches\":{}}"),
        arguments(Kind.MALFORMED, "{\"v\":1,\"caches\":{}}"),
        arguments(Kind.MALFORMED, "{\"v\":1,\"body\":0,\"caches\":{}}"),
        arguments(Kind.MALFORMED, "{\"v\":1,\"body\":\"2\",\"caches\":{}}"),
        arguments(Kind.MALFORMED, "{\"v\":1,\"body\":2,\"caches\":[]}"),
        arguments(Kind.MALFORMED, "{\"v\":1,\"body\":1}"),
        arguments(Kind.MALFORMED, "{\"v\":1,\"body\":1,\"caches\":{\"a\":7}}"),
        arguments(Kind.MALFORMED, "{\"v\":1,\"body\":1,\"caches\":{\"a\":\"all\"}}"),
        arguments(Kind.MALFORMED, "{\"v\":1,\"from\":7,\"body\":1,\"caches\":{}}"),
        arguments(Kind.UNSUPPORTED_VERSION, "{\"v\":2,\"body\":1,\"caches\":{}}"),
        arguments(Kind.UNSUPPORTED_VERSION, "{\"v\":0,\"body\":1,\"caches\":{}}"),
        arguments(Kind.UNSUPPORTED_VERSION, "{\"v\":99999999999999999999,\"key\":\"a:b\"}"),
        arguments(Kind.UNKNOWN_FORM, "{\"hello\":\"world\"}"),
        arguments(Kind.UNKNOWN_FORM, "{\"caches\":{\"products\":[7]}}"),
        arguments(Kind.UNKNOWN_FORM, "{\"cache\":7}"),
        arguments(Kind.UNKNOWN_FORM, "{\"cache\":null}"),
        arguments(Kind.UNKNOWN_FORM, "{\"key\":7}"),
        arguments(Kind.UNKNOWN_FORM, "{\"keys\":[7]}"),
        arguments(Kind.UNKNOWN_FORM, "{\"cache\":\"products\",\"key\":null}"),
        arguments(Kind.UNKNOWN_FORM, "{\"cache\":\"products\",\"keys\":7}"),
        arguments(Kind.UNKNOWN_FORM, "{\"cache\":\"products\",\"keys\":null}"),
        arguments(Kind.UNKNOWN_FORM, "{\"cache\":\"products\",\"key\":7,\"keys\":[8]}"),
        arguments(Kind.UNKNOWN_FORM, "{\"cache\":\"*\",\"key\":7}"),
        arguments(Kind.UNKNOWN_FORM, "{\"cache\":\"*\",\"keys\":[7]}"),
        arguments(Kind.MALFORMED, "{\"cache\":\"c\",\"key\":" + "1".repeat(101) + "}"),
        arguments(Kind.MALFORMED, "{\"cache\":\"c\",\"key\":1." + "1".repeat(100) + "}"),
        arguments(Kind.MALFORMED, "{\"cache\":\"c\",\"key\":" + nested(32) + "}"),
        arguments(Kind.MALFORMED, "{\"x\":" + nested(32) + ",\"cache\":\"c\"}"));
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void messageOfNoForm_isRefused(Kind kind, String payload) {
    assertThat(refusal(reader, bytes(payload)).kind()).isEqualTo(kind);
  }

  @Test
  void invalidUtf8_isRefused() {
    byte[] payload = bytes("{\"cache\":\"?\"}");
    payload[10] = (byte) 0xC3;

    assertThat(refusal(reader, payload).kind()).isEqualTo(Kind.MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-16", "UTF-32"})
  void anotherEncoding_isRefused(String charset) throws Exception {
    byte[] payload = "{\"cache\":\"products\"}".getBytes(charset);

    assertThat(refusal(reader, payload).kind()).isEqualTo(Kind.MALFORMED);
  }

  @Test
  void limits_canBeReached() throws Exception {
    byte[] largest = new byte[MessageReader.MAX_BYTES];
    Arrays.fill(largest, (byte) ' ');
    byte[] message =
        bytes("{\"cache\":\"c\",\"key\":[" + "9".repeat(100) + "," + nested(30) + "]}");
    System.arraycopy(message, 0, largest, 0, message.length);

    assertThat(reader.read(largest, false).invalidations()).hasSize(1);
  }

  @Test
  void longerThanTheLimit_isRefusedUnseen() {
    MessageReader greedy = new MessageReader(List.of(payload -> List.of()));
    byte[] payload = new byte[MessageReader.MAX_BYTES + 1];

    assertThat(refusal(greedy, payload).kind()).isEqualTo(Kind.OVERSIZED);
  }

  @Test
  void moreKeysThanAMessageMayName_areTheWholeCache() throws Exception {
    String open = "{\"cache\":\"c\",\"keys\":[%s7]}";
    String typed = "{\"v\":1,\"from\":\"n/1\",\"body\":1,\"caches\":{\"c\":[%s7]}}";
    Invalidation<WireKey> whole = new Invalidation.Whole<>("c");

    assertThat(read(open, Invalidation.MOST_OPEN_KEYS)).isInstanceOf(Invalidation.OpenKeys.class);
    assertThat(read(open, Invalidation.MOST_OPEN_KEYS + 1)).isEqualTo(whole);
    assertThat(read(typed, Invalidation.MOST_KEYS)).isInstanceOf(Invalidation.Keys.class);
    assertThat(read(typed, Invalidation.MOST_KEYS + 1)).isEqualTo(whole);
  }

  private Invalidation<WireKey> read(String form, int keys) throws Exception {
    return reader.read(bytes(form.formatted("7,".repeat(keys - 1))), false).invalidations().get(0);
  }

  @Test
  void moreKeysOfAForeignForm_areTheWholeCache() throws Exception {
    Object[] keys = Collections.nCopies(Invalidation.MOST_OPEN_KEYS + 1, "key").toArray();
    MessageReader foreign =
        new MessageReader(List.of(payload -> List.of(Invalidation.keys("c", keys))));

    assertThat(foreign.read(bytes("keys"), false).invalidations())
        .containsExactly(new Invalidation.Whole<>("c"));
  }

  @Test
  void refusal_quotesLittleAndNothingThatHarmsALog() {
    String hostile = "{\"x\n\r\u001b[31m\u202e\u0000" + "y".repeat(5000);
    UnreadableMessageException refusal = refusal(reader, bytes(hostile));

    String text = Objects.requireNonNull(refusal.getMessage());
    String quote = text.replaceAll("^.*it begins with '", "");
    assertThat(quote).hasSizeLessThanOrEqualTo(101).doesNotContainPattern("[\\p{Cntrl}\u202e]");
    assertThat(text).hasSizeLessThan(200);
    assertThat(refusal.getStackTrace()).isEmpty();
    assertThat(refusal.getCause()).isNull();
  }

  @Test
  void openMessage_hasNoPositionWhateverItSays() throws Exception {
    Message message = reader.read(bytes("{\"pos\":\"1/a\",\"prev\":\"\"," + BODY), true);

    assertThat(message.position()).isNull();
    assertThat(message.predecessor()).isNull();
    assertThat(message.invalidations()).hasSize(1);
    assertThat(reader.read(bytes("{\"pos\":{\"a\":[]},\"cache\":\"c\"}"), true).invalidations())
        .containsExactly(new Invalidation.Whole<>("c"));
  }

  @Test
  void fieldsThatTheProtocolDoesNotName_areIgnored() throws Exception {
    String open = "{\"note\":[{\"pos\":1}],\"cache\":\"c\",\"at\":1.5}";

    assertThat(reader.read(bytes(open), false).invalidations())
        .containsExactly(new Invalidation.Whole<>("c"));
    assertThat(reader.read(bytes("{\"note\":{\"v\":2}," + BODY), false).invalidations()).hasSize(1);
  }

  @Test
  void cachesOfAnOriginThatIsPassedOver_areNotRead() throws Exception {
    byte[] own = bytes("{\"pos\":\"1/a\",\"prev\":\"\"," + BODY);

    Message message = reader.readOthers(ChainFields.cutOff(own, false), "n/i");
    assertThat(message.invalidations()).isEmpty();
    assertThat(message.origin()).isEqualTo("n/i");
    assertThat(message.position()).isEqualTo(reader.read(own, false).position());
    assertThat(reader.readOthers(ChainFields.cutOff(own, false), "n/j").invalidations()).hasSize(1);
    assertThat(
            reader.readOthers(ChainFields.cutOff(bytes("{" + BODY), false), "n/i").invalidations())
        .hasSize(1);
  }

  @Test
  void cacheNamedTwice_isInvalidatedByBoth() throws Exception {
    String twice = "{\"v\":1,\"body\":1,\"caches\":{\"a\":[7],\"a\":\"*\"}}";

    assertThat(reader.read(bytes(twice), false).invalidations())
        .hasSize(2)
        .contains(new Invalidation.Whole<>("a"));
  }

  @Test
  void newerBody_namesEachCacheWhateverItsValue() throws Exception {
    String newer = "{\"v\":1,\"body\":99999999999999999999,\"caches\":{\"a\":7,\"b\":{\"c\":[]}}}";

    assertThat(reader.read(bytes(newer), false).invalidations())
        .containsExactly(new Invalidation.Newer<>("a"), new Invalidation.Newer<>("b"));
  }

  @Test
  void foreignForm_isReadByTheReaderThatKnowsIt() throws Exception {
    MessageReader both =
        new MessageReader(
            List.of(
                payload -> null,
                payload ->
                    List.of(Invalidation.keys("a", 7, "x", 'c'), new Invalidation.Whole<>("b"))));

    List<Invalidation<WireKey>> found = both.read(bytes("evict a"), false).invalidations();

    assertThat(found).hasSize(2).contains(new Invalidation.Whole<>("b"));
    List<WireKey> keys = ((Invalidation.OpenKeys<WireKey>) found.get(0)).keys();
    KeyTypes types = Wire.used(1L, "s");
    assertThat(types.matchOpen(keys.get(0)).keys()).containsExactly(7L, "7");
    assertThat(types.matchOpen(keys.get(1)).keys()).containsExactly("x");
    assertThat(types.matchOpen(keys.get(2)).keys()).containsExactly('c');
  }

  @Test
  void foreignFormInTheChain_keepsItsPlace() throws Exception {
    MessageReader all = new MessageReader(List.of(payload -> List.of()));
    byte[] payload = bytes("{\"pos\":\"2-0/b\",\"prev\":\"1-0/a\",\"evict\":\"a\"}");

    Message message = all.read(payload, false);

    assertThat(message.position()).isEqualTo(new Position("2-0", "b"));
    assertThat(message.predecessor()).isEqualTo(new Position("1-0", "a"));
    assertThat(all.read(payload, true).position()).isNull();
  }

  @Test
  void foreignFormInTheChain_isShownAsItWasPublished() throws Exception {
    List<String> shown = new ArrayList<>();
    MessageReader all =
        new MessageReader(
            List.of(
                payload -> {
                  shown.add(new String(payload, StandardCharsets.UTF_8));
                  return List.of();
                }));

    all.read(bytes("{\"pos\":\"2-0/b\",\"prev\":\"1-0/a\",\"evict\":\"a\"}"), false);

    assertThat(shown).containsExactly("{\"evict\":\"a\"}");
  }

  @Test
  void foreignReader_isNotAskedAboutOurOwnForms() throws Exception {
    MessageReader jealous =
        new MessageReader(
            List.of(
                payload -> {
                  throw new AssertionError("should not be asked");
                }));

    assertThat(jealous.read(bytes("{" + BODY), false).invalidations()).hasSize(1);
    assertThat(refusal(jealous, bytes("{\"v\":2,\"caches\":{}}")).kind())
        .isEqualTo(Kind.UNSUPPORTED_VERSION);
  }

  @Test
  void foreignKeyThatIsNull_leavesTheMessageUnreadable() {
    MessageReader careless =
        new MessageReader(
            List.of(payload -> List.of(new Invalidation.Keys<>("c", Collections.singleton(null)))));

    assertThat(refusal(careless, bytes("keys")).kind()).isEqualTo(Kind.MALFORMED);
  }

  @Test
  void foreignReaderThatThrows_leavesTheMessageUnreadable() {
    MessageReader broken =
        new MessageReader(
            List.of(
                payload -> {
                  throw new IllegalStateException("no");
                }));

    assertThat(refusal(broken, bytes("{\"evict\":\"a\"}")).kind()).isEqualTo(Kind.UNKNOWN_FORM);
    assertThat(refusal(broken, bytes("evict a")).kind()).isEqualTo(Kind.MALFORMED);
  }

  private static UnreadableMessageException refusal(MessageReader reader, byte[] payload) {
    return catchThrowableOfType(
        UnreadableMessageException.class, () -> reader.read(payload, false));
  }

  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

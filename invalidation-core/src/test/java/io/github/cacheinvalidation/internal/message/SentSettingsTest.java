package io.github.cacheinvalidation.internal.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.Wire;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The optional field of a message with the settings of the sender's caches. */
class SentSettingsTest {

  private static final String TEXT = "spec=maximumSize=100; max-staleness=10s";

  private static final List<Invalidation.OfCache<byte[]>> PRODUCTS = whole("products");

  private final Map<String, String> settings = new ConcurrentHashMap<>(Map.of("products", TEXT));

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);

  private final BodyWriter writer =
      new BodyWriter("shop-1", "5f3c", new SentSettings(settings, clock::get));

  private final BodyWriter without = new BodyWriter("shop-1", "5f3c");

  @Test
  void settingsOfTheCachesInAMessage_areReadAsTheyWereWritten() {
    settings.put("a \"b\"", "line\nbreak");
    settings.put("orders", TEXT);
    Message read =
        Wire.read(writer.write(whole("products", "a \"b\"", "unknown"), Map.of("trace-id", "1")));

    assertThat(read.settings())
        .containsOnly(entry("products", TEXT), entry("a \"b\"", "line\nbreak"));
    assertThat(read.trace()).containsOnly(entry("trace-id", "1"));
    assertThat(read.invalidations()).hasSize(3);
  }

  @Test
  void messagesHaveThem_untilOneIsAccepted_andAgainAfterAnHour() {
    assertThat(sent(PRODUCTS)).containsOnlyKeys("products");
    assertThat(sent(PRODUCTS)).containsOnlyKeys("products");
    writer.accepted(whole("orders"));
    assertThat(sent(PRODUCTS)).containsOnlyKeys("products");

    writer.accepted(PRODUCTS);
    assertThat(sent(PRODUCTS)).isEmpty();
    clock.addAndGet(Duration.ofHours(1).toNanos() - 1);
    writer.accepted(PRODUCTS);
    assertThat(sent(PRODUCTS)).isEmpty();

    clock.addAndGet(1);
    assertThat(sent(PRODUCTS)).containsOnlyKeys("products");
    writer.accepted(PRODUCTS);
    assertThat(sent(PRODUCTS)).isEmpty();
  }

  @Test
  void aCacheThatIsCreatedLater_hasItsSettingsInItsFirstMessage() {
    assertThat(sent(whole("orders"))).isEmpty();
    writer.accepted(whole("orders"));

    settings.put("orders", TEXT);

    assertThat(sent(whole("orders"))).containsOnlyKeys("orders");
  }

  @Test
  void aMessageWithoutThem_isTheSameAsBefore() {
    writer.write(PRODUCTS, Map.of());
    writer.accepted(PRODUCTS);

    assertThat(writer.write(PRODUCTS, Map.of())).isEqualTo(without.write(PRODUCTS));
  }

  @Test
  void aTextOrANameAboveTheLimit_isLeftOut() {
    settings.put("products", "x".repeat(200));
    settings.put("orders", "x".repeat(201));
    settings.put("n".repeat(201), TEXT);

    assertThat(sent(whole("n".repeat(201), "orders", "products"))).containsOnlyKeys("products");
  }

  @Test
  void theNinthCache_hasToWaitForTheNextMessage() {
    String[] names = IntStream.range(0, 9).mapToObj(i -> "cache" + i).toArray(String[]::new);
    List.of(names).forEach(name -> settings.put(name, "short"));

    assertThat(sent(whole(names))).hasSize(8).doesNotContainKey("cache8");
    writer.accepted(whole(names));
    assertThat(sent(whole(names))).containsOnlyKeys("cache8");
  }

  @Test
  void aShortMessage_remainsShort_andTheRestFollows() {
    String[] names = {"a", "b", "c", "d", "e"};
    List.of(names).forEach(name -> settings.put(name, "x".repeat(200)));
    byte[] body = writer.write(whole(names), Map.of());

    assertThat(body)
        .hasSizeBetween(MessageReader.SHORT_BYTES - 420, MessageReader.SHORT_BYTES - 200);
    writer.accepted(whole(names));
    assertThat(sent(whole(names))).doesNotContainKey("a").containsKey("e");
  }

  @Test
  void aMessageThatWouldNoLongerBeShort_hasNone() {
    byte[] shortKey = ("\"" + "k".repeat(750) + "\"").getBytes(UTF_8);
    byte[] longKey = ("\"" + "k".repeat(2000) + "\"").getBytes(UTF_8);

    assertThat(sent(List.of(new Invalidation.Keys<>("products", List.of(shortKey))))).isEmpty();
    assertThat(sent(List.of(new Invalidation.Keys<>("products", List.of(longKey)))))
        .containsOnlyKeys("products");
  }

  @Test
  void aLongMessage_getsAKibibyteAtMost() {
    String[] names = {"a", "b", "c", "d", "e", "f", "g", "h", "k".repeat(2000)};
    List.of(names).forEach(name -> settings.put(name, "x".repeat(200)));

    int more = writer.write(whole(names), Map.of()).length - without.write(whole(names)).length;

    assertThat(more).isBetween(1024 - 210, 1024);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7",
        "null",
        "\"maximumSize=100\"",
        "[\"maximumSize=100\"]",
        "{\"products\":7}",
        "{\"products\":{\"a\":[\"b\"]},\"b\":\"c\"}",
        "{\"a\":\"1\",\"b\":\"1\",\"c\":\"1\",\"d\":\"1\",\"e\":\"1\",\"f\":\"1\",\"g\":\"1\",\"h\":\"1\",\"i\":\"1\"}",
      })
  void aFieldOfAnotherForm_isIgnored_andTheMessageIsApplied(String field) {
    String body = new String(without.write(PRODUCTS), UTF_8);

    Message read =
        Wire.read(
            (body.substring(0, body.length() - 1) + ",\"settings\":" + field + "}")
                .getBytes(UTF_8));

    assertThat(read.settings()).isEmpty();
    assertThat(read.invalidations()).hasSize(1);
  }

  @Test
  void withoutSettings_leavesTheRestOfTheMessage() {
    Message read = Wire.read(writer.write(PRODUCTS, Map.of("trace-id", "1")));

    Message rest = read.withoutSettings();

    assertThat(rest).isEqualTo(Wire.read(without.write(PRODUCTS, Map.of("trace-id", "1"))));
  }

  @Test
  void cacheWithACacheChannel_isElsewhere_alsoWithoutSettings() {
    settings.put("products", "spec=a; max-staleness=10s; cache-channel=shop:products");
    settings.put("prices", "cache-channel=shop:prices");
    settings.put("orders", "spec=a; max-staleness=10s; channel=shop");

    Message read = Wire.read(writer.write(whole("products", "prices", "orders"), Map.of()));

    assertThat(read.elsewhere()).containsExactlyInAnyOrder("products", "prices");
    assertThat(read.withoutSettings().settings()).isEmpty();
    assertThat(read.withoutSettings().elsewhere()).isEqualTo(read.elsewhere());
  }

  private Map<String, String> sent(List<Invalidation.OfCache<byte[]>> caches) {
    return Wire.read(writer.write(caches, Map.of())).settings();
  }

  private static List<Invalidation.OfCache<byte[]>> whole(String... names) {
    return List.of(names).stream()
        .<Invalidation.OfCache<byte[]>>map(Invalidation.Whole::new)
        .toList();
  }
}

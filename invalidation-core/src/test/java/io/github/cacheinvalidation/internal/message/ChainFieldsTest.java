package io.github.cacheinvalidation.internal.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.Invalidation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fields cut off the front of a message mean the same as when read with the body. */
@Tag("G7")
class ChainFieldsTest {

  private static final Position POSITION = new Position("1764000000001-0", "c0ffee02");

  private static final Position PREDECESSOR = new Position("1764000000000-0", "c0ffee01");

  private static final String BODY =
      "{\"v\":1,\"from\":\"n/i\",\"body\":1,\"caches\":{\"products\":[7]}}";

  /** How many of the parts begin a message. */
  private static final int BEGINNINGS = 11;

  private static final String[] PARTS = {
    "{\"pos\":\"1-0/a\",\"prev\":\"0-0/b\",",
    "{\"pos\":\"1-0/a\",\"prev\":\"\",",
    "{\"pos\":\"1-0/a\",\"prev\":\"\"",
    "{\"pos\":\"1-0/a\",\"prev\":\"0-0\",",
    "{\"pos\":\"/a\",\"prev\":\"\",",
    "{\"ahead\":\"a\",",
    "{\"ahead\":\"a\"",
    "{\"pos\":\"",
    "\",\"prev\":\"",
    "{\"ahead\":\"",
    "{",
    "}",
    "\"",
    ",",
    " ",
    "/",
    "1-0/a",
    "/a",
    "1",
    "\\u0070",
    "\"v\":1,",
    "\"from\":\"n/i\",",
    "\"body\":1,",
    "\"caches\":{\"c\":[7]}}",
    "\"pos\":\"2-0/b\",",
    "\"prev\":\"1-0/a\",",
    "\"prev\":\"\",",
    "\"ahead\":\"b\",",
    "\"ahead\":7,",
    "\"cache\":\"c\"}",
    "\"cache\":\"c\","
  };

  private final MessageReader reader =
      new MessageReader(
          List.of(
              payload ->
                  new String(payload, StandardCharsets.UTF_8).contains("caches")
                      ? List.<Invalidation.OfCache<Object>>of(new Invalidation.Whole<>("foreign"))
                      : null));

  @Test
  void positionOfTheScript_isCutOff() {
    byte[] payload = inChain("\"" + POSITION + "\"", "\"" + PREDECESSOR + "\"", BODY);

    Delivery delivery = ChainFields.cutOff(payload, false);

    assertThat(delivery.position()).isEqualTo(POSITION);
    assertThat(delivery.predecessor()).isEqualTo(PREDECESSOR);
    assertThat(delivery.ahead()).isNull();
    assertThat(delivery.body()).asString().isEqualTo(BODY);
    assertThat(delivery.size()).isEqualTo(payload.length);
  }

  @Test
  void emptyObjectOfTheScript_isCutOff() {
    byte[] payload = bytes("{\"pos\":\"" + POSITION + "\",\"prev\":\"\"}");

    Delivery delivery = ChainFields.cutOff(payload, false);

    assertThat(delivery.position()).isEqualTo(POSITION);
    assertThat(delivery.predecessor()).isNull();
    assertThat(delivery.body()).asString().isEqualTo("{}");
    assertThat(delivery.size()).isEqualTo(payload.length);
  }

  @Test
  void announcement_isCutOff() {
    byte[] payload = ChainFields.announcement("c0ffee02", bytes(BODY));

    Delivery delivery = ChainFields.cutOff(payload, false);

    assertThat(payload).asString().startsWith("{\"ahead\":\"c0ffee02\",\"v\":1,");
    assertThat(delivery.ahead()).isEqualTo("c0ffee02");
    assertThat(delivery.position()).isNull();
    assertThat(delivery.body()).asString().isEqualTo(BODY);
    assertThat(delivery.size()).isEqualTo(payload.length);
  }

  @Test
  void announcementBeyondTheUsualLength_isNotAnAnnouncement() throws Exception {
    byte[] body = bytes("{\"cache\":\"" + "x".repeat(MessageReader.SHORT_BYTES) + "\"}");
    byte[] payload = ChainFields.announcement("c0ffee02", body);

    assertThat(ChainFields.cutOff(payload, false).body()).isSameAs(payload);
    assertThat(reader.read(payload, false).ahead()).isNull();
  }

  @Test
  void openMessage_isNotLookedAt() {
    byte[] payload = inChain("\"" + POSITION + "\"", "\"" + PREDECESSOR + "\"", BODY);

    Delivery delivery = ChainFields.cutOff(payload, true);

    assertThat(delivery).isEqualTo(Delivery.ofBody(payload, true));
  }

  @Test
  void messageThatNobodyMayRead_isNotLookedAt() {
    String body = "{\"cache\":\"" + "x".repeat(MessageReader.MAX_BYTES) + "\"}";
    byte[] payload = inChain("\"" + POSITION + "\"", "\"" + PREDECESSOR + "\"", body);

    assertThat(ChainFields.cutOff(payload, false).body()).isSameAs(payload);
  }

  @Test
  void positionBeyondTheUsualLength_isReadWithTheBody() throws Exception {
    Position position = new Position("1-0", "n".repeat(1000));
    byte[] payload = inChain("\"" + position + "\"", "\"\"", BODY);

    assertThat(ChainFields.cutOff(payload, false).body()).isSameAs(payload);
    assertThat(reader.read(payload, false).position()).isEqualTo(position);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void messagesOfAnyParts_meanTheSameEitherWay(long seed) {
    Random random = new Random(seed);
    int cut = 0;
    int readable = 0;
    for (int i = 0; i < 40_000; i++) {
      StringBuilder text = new StringBuilder(PARTS[random.nextInt(BEGINNINGS)]);
      for (int n = random.nextInt(6); n > 0; n--) {
        text.append(PARTS[random.nextInt(PARTS.length)]);
      }
      text.append(random.nextInt(3) == 0 ? "" : BODY.substring(1));
      byte[] payload = bytes(text.toString());
      Delivery delivery = ChainFields.cutOff(payload, false);
      String meant = meaning(Delivery.ofBody(payload, false));

      assertThat(meaning(delivery)).as(text.toString()).isEqualTo(meant);
      cut += delivery.body() == payload ? 0 : 1;
      readable += delivery.body() != payload && meant.startsWith("Message") ? 1 : 0;
    }
    assertThat(cut).as("messages that were cut").isGreaterThan(1_000);
    assertThat(readable).as("of them such that can be read").isGreaterThan(100);
  }

  /** Tells everything about a message, or why it cannot be read. */
  private String meaning(Delivery delivery) {
    List<String> meanings = new ArrayList<>();
    for (String passedOver : List.of("n/i", "n/j")) {
      try {
        meanings.add(reader.readOthers(delivery, passedOver).toString());
      } catch (UnreadableMessageException unreadable) {
        String message = String.valueOf(unreadable.getMessage());
        meanings.add(unreadable.kind() + message.replaceAll("( at byte .*)?; it begins.*", ""));
      }
    }
    return String.join("\n", meanings);
  }

  private static byte[] inChain(String position, String predecessor, String body) {
    return bytes("{\"pos\":" + position + ",\"prev\":" + predecessor + "," + body.substring(1));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

package io.github.cacheinvalidation.internal.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.WireKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The optional field of a message that links traces. */
class TraceFieldsTest {

  private static final List<Invalidation.OfCache<byte[]>> WHOLE =
      List.of(new Invalidation.Whole<>("products"));

  private final BodyWriter writer = new BodyWriter("shop-1", "5f3c");

  @Test
  void fields_areReadAsTheyWereWritten() throws Exception {
    Map<String, String> fields = Map.of("traceparent", "00-1-2-01", "b\"c", "line\nbreak");

    Message read = read(writer.write(WHOLE, fields));

    assertThat(read.trace()).isEqualTo(fields);
    assertThat(read.invalidations()).containsExactly(new Invalidation.Whole<>("products"));
  }

  @Test
  void noFields_changeNoByte() {
    assertThat(writer.write(WHOLE, Map.of())).isEqualTo(writer.write(WHOLE));
  }

  @Test
  void fieldsThatAreManyOrLong_areNotWritten() {
    Map<String, String> many = new HashMap<>();
    for (int i = 0; i < 9; i++) {
      many.put("name" + i, "value");
    }

    assertThat(writer.write(WHOLE, many)).isEqualTo(writer.write(WHOLE));
    assertThat(writer.write(WHOLE, Map.of("a", "x".repeat(257)))).isEqualTo(writer.write(WHOLE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7",
        "null",
        "\"00-1\"",
        "[\"00-1\"]",
        "{\"traceparent\":7}",
        "{\"traceparent\":{\"a\":[\"b\"]},\"b\":\"c\"}",
        "{\"a\":\"1\",\"b\":\"1\",\"c\":\"1\",\"d\":\"1\",\"e\":\"1\",\"f\":\"1\",\"g\":\"1\",\"h\":\"1\",\"i\":\"1\"}",
      })
  void aFieldOfAnotherForm_isIgnored_andTheMessageIsApplied(String trace) throws Exception {
    String body = new String(writer.write(WHOLE), UTF_8);
    String traced = body.substring(0, body.length() - 1) + ",\"trace\":" + trace + "}";

    Message read = read(traced.getBytes(UTF_8));

    assertThat(read.trace()).isEmpty();
    assertThat(read.invalidations()).hasSize(1);
  }

  @Test
  void theFirstOfTwoFields_counts_alsoIfItIsInFront() throws Exception {
    String traced =
        "{\"trace\":{\"a\":\"1\"},\"v\":1,\"body\":1,\"caches\":{\"c\":[7]},\"trace\":{\"a\":\"2\"}}";

    Message read = read(traced.getBytes(UTF_8));

    assertThat(read.trace()).containsExactly(Map.entry("a", "1"));
    assertThat(((Invalidation.Keys<WireKey>) read.invalidations().get(0)).keys()).hasSize(1);
  }

  private static Message read(byte[] payload) throws Exception {
    return new MessageReader(List.of()).read(payload, false);
  }
}

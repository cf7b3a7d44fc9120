package io.github.cacheinvalidation.internal.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.KeyTypes;
import io.github.cacheinvalidation.internal.key.SampleKeys.Any;
import io.github.cacheinvalidation.internal.key.SampleKeys.Chain;
import io.github.cacheinvalidation.internal.key.SampleKeys.Point;
import io.github.cacheinvalidation.internal.key.SampleKeys.Positive;
import io.github.cacheinvalidation.internal.key.SampleKeys.Region;
import io.github.cacheinvalidation.internal.key.SampleKeys.Sku;
import io.github.cacheinvalidation.internal.key.SampleValues.Tariff;
import io.github.cacheinvalidation.internal.key.Wire;
import io.github.cacheinvalidation.internal.key.WireKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cache.interceptor.SimpleKey;

/** Any bytes are read, or refused with the one exception for unreadable messages. */
@Tag("G7")
@Tag("G7.1")
class MessageFuzzTest {

  private static final String[] TOKENS = {
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"v\"",
    "\"pos\"",
    "\"prev\"",
    "\"from\"",
    "\"body\"",
    "1",
    "2",
    "\"caches\"",
    "\"cache\"",
    "\"key\"",
    "\"keys\"",
    "\"*\"",
    "\"a/b\"",
    "null",
    "true",
    "-0",
    "1e9",
    "9".repeat(100),
    "9".repeat(101),
    "\"uuid\"",
    "\"enum\"",
    "\"record\"",
    "\"codec\"",
    "\"object\"",
    "\"set\"",
    "\"map\"",
    "\"entry\"",
    "\"array\"",
    "\"optional\"",
    "\"bytes\"",
    "\"zone\"",
    "\"float\"",
    "\"dec\"",
    "\"char\"",
    "\"\\ud800\"",
    "\"\\u0000\"",
    " ",
    "\uFEFF",
    "\"a:b\"",
    "1.5",
    "\"sku\"",
    "\"date\"",
    "\"locale\"",
    "{\"key\":",
    "{\"cache\":\"c\",\"key\":"
  };

  private final MessageReader reader = new MessageReader(List.of());
  private final KeyTypes types =
      Wire.used(
          1L,
          1,
          "a",
          'c',
          1.5,
          new UUID(1, 2),
          Region.NORTH,
          new Sku("AB-12"),
          new SimpleKey(1L, "a"),
          List.of("a"),
          List.of(1L, "a"),
          new Positive(1),
          new Any("x"),
          new Point(1, 2L, Region.NORTH),
          new Chain(1, new Chain(2, null)),
          new Tariff(1, "a", Region.NORTH),
          Set.of(1L, 1, "a"),
          Map.of("a", 1L, 1, "a"),
          Map.entry("a", 1L),
          Optional.of("a"),
          OptionalInt.of(1),
          ZoneId.of("UTC"),
          new SimpleKey(new byte[] {1}, new int[] {1}, new String[] {"a"}));
  private int readable;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void randomBytes_areReadOrRefused(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 5_000; i++) {
      byte[] payload = new byte[random.nextInt(64)];
      random.nextBytes(payload);
      feed(payload);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void randomTokens_areReadOrRefused(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 5_000; i++) {
      StringBuilder text = new StringBuilder("{");
      for (int n = random.nextInt(24); n > 0; n--) {
        text.append(TOKENS[random.nextInt(TOKENS.length)]);
      }
      feed(text.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void mutatedSamples_areReadOrRefused(long seed) throws Exception {
    Random random = new Random(seed);
    List<byte[]> samples = samples();
    for (int i = 0; i < 5_000; i++) {
      byte[] payload = samples.get(random.nextInt(samples.size()));
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        payload = mutate(payload, samples, random);
      }
      feed(payload);
    }
    assertThat(readable).as("mutations that still can be read").isPositive();
  }

  @Test
  void everyBeginningOfASample_isReadOrRefused() throws Exception {
    for (byte[] sample : samples()) {
      for (int length = 0; length < sample.length; length++) {
        feed(Arrays.copyOf(sample, length));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[",
        "{\"a\":",
        "{\"key\":[",
        "{\"record\":[\"a\",[",
        "{\"object\":[\"a\",{\"b\":",
        "{\"set\":[",
        "{\"map\":[[",
        "[[],",
        "{",
        "\"",
        "1",
        "\\"
      })
  void oneThingRepeatedUpToTheLimit_isRefused(String thing) {
    for (String before : List.of("", "{\"cache\":\"c\",\"key\":", "{\"pos\":", "{\"x\":")) {
      int times = (MessageReader.MAX_BYTES - before.length()) / thing.length();
      feed((before + thing.repeat(times)).getBytes(StandardCharsets.UTF_8));
    }
    assertThat(readable).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[],",
        "{},",
        "7,",
        "\"\",",
        "{\"a\":{}},",
        "{\"record\":[\"a\",[]]},",
        "{\"object\":[\"a\",{}]},",
        "{\"set\":[1,\"a\"]},",
        "{\"map\":[[1,\"a\"]]},"
      })
  void asManyKeysAsFit_areRead(String key) throws Exception {
    String keys = key.repeat((MessageReader.MAX_BYTES - 100) / key.length());
    String message = "{\"cache\":\"c\",\"keys\":[" + keys + "7]}";

    assertThat(reader.read(message.getBytes(StandardCharsets.UTF_8), false).invalidations())
        .hasSize(1);
  }

  private void feed(byte[] payload) {
    for (boolean open : new boolean[] {false, true}) {
      try {
        reader.read(payload, open).invalidations().forEach(this::match);
        readable += open ? 0 : 1;
      } catch (UnreadableMessageException e) {
        assertThat(e.getMessage()).hasSizeLessThan(250);
      } catch (Throwable e) {
        throw new AssertionError(
            "should not throw for " + new String(payload, StandardCharsets.ISO_8859_1), e);
      }
    }
  }

  private void match(Invalidation<WireKey> invalidation) {
    if (invalidation instanceof Invalidation.Keys<WireKey> keys) {
      keys.keys().forEach(types::match);
    } else if (invalidation instanceof Invalidation.OpenKeys<WireKey> keys) {
      keys.keys().forEach(types::matchOpen);
    }
  }

  private static byte[] mutate(byte[] payload, List<byte[]> samples, Random random) {
    if (payload.length == 0) {
      return payload;
    }
    int at = random.nextInt(payload.length);
    int end = Math.min(payload.length, at + random.nextInt(8));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(payload, 0, at);
    switch (random.nextInt(5)) {
      case 0 -> out.write(random.nextInt(256));
      case 1 ->
          out.writeBytes(TOKENS[random.nextInt(TOKENS.length)].getBytes(StandardCharsets.UTF_8));
      case 2 -> end = at + Math.min(1, payload.length - at);
      case 3 -> out.write(payload, at, end - at);
      default -> {
        byte[] other = samples.get(random.nextInt(samples.size()));
        int from = random.nextInt(other.length);
        out.write(other, from, random.nextInt(other.length - from));
      }
    }
    if (random.nextBoolean()) {
      end = at;
    }
    out.write(payload, end, payload.length - end);
    return out.toByteArray();
  }

  private static List<byte[]> samples() throws Exception {
    Path folder = Path.of(MessageFuzzTest.class.getResource("/protocol/v1").toURI());
    List<byte[]> samples = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        samples.add(Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new AssertionError("the samples should be readable", e);
    }
    return samples;
  }
}

package io.github.cacheinvalidation.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.cacheinvalidation.internal.message.MessageReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.cache.interceptor.SimpleKey;

/**
 * The work of the receiver grows in proportion to the message and with nothing else. It is counted:
 * a look for a cache counts as the characters of its name, a key that is made, hashed or compared
 * as one, and a clear as a thousand, since it makes the cache anew.
 */
@Tag("G7")
class ReceiverWorkTest {

  private static final AtomicLong keyOperations = new AtomicLong();

  private static final int OPERATIONS_OF_A_CLEAR = 1_000;

  private static final int OPERATIONS_FOR_EACH_BYTE = 2;

  /** Each message causes only a few clears and lookups. */
  private static final int OPERATIONS_OF_A_MESSAGE = 3_000;

  private static final String RECORD =
      "{\"record\":[\"" + ReceiverWorkTest.class.getName() + "$Counted\",[%d]]}";

  private static final String TYPED = "{\"v\":1,\"from\":\"n/1\",\"body\":%d,\"caches\":{%s}}";

  private final TestCaches caches = TestCaches.create();

  private final CountingMap map = new CountingMap();

  record Counted(long number) {

    Counted {
      keyOperations.incrementAndGet();
    }

    @Override
    public int hashCode() {
      keyOperations.incrementAndGet();
      return Long.hashCode(number);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      keyOperations.incrementAndGet();
      return other instanceof Counted counted && counted.number == number;
    }
  }

  /** Counts the characters of the names that are looked for. */
  private static final class CountingMap extends ConcurrentHashMap<String, CoherentCache> {

    private static final long serialVersionUID = 1L;

    private final AtomicLong characters = new AtomicLong();

    @Override
    public @Nullable CoherentCache get(Object name) {
      characters.addAndGet(((String) name).length() + 1L);
      return super.get(name);
    }
  }

  static Stream<Arguments> messages() {
    return Stream.of(
        arguments("colons", open("{\"key\":\"%s\"}", n -> ":")),
        arguments("colons behind a cache", open("{\"key\":\"prices%s\"}", n -> ":")),
        arguments("names with colons", open("{\"key\":\"%s\"}", n -> "prices:")),
        arguments("one key without end", open("{\"cache\":\"prices\",\"key\":\"%s\"}", n -> "9")),
        arguments("one list of keys", open("{\"cache\":\"prices\",\"key\":[1%s]}", n -> ",1")),
        arguments(
            "one list of records",
            open("{\"cache\":\"prices\",\"key\":[[1]%s]}", n -> ",[" + n + "]")),
        arguments("open keys", open("{\"cache\":\"prices\",\"keys\":[1%s]}", n -> "," + n)),
        arguments("a cache that is not here", open("{\"cache\":\"%s\"}", n -> "prices")),
        arguments("the same cache, whole", typed(1, n -> "\"prices\":\"*\"")),
        arguments("the same cache, a newer format", typed(2, n -> "\"prices\":[]")),
        arguments("the same cache, unknown keys", typed(1, n -> "\"prices\":[{\"future\":1}]")),
        arguments("the same cache, one key each", typed(1, n -> "\"prices\":[" + record(n) + "]")),
        arguments("the same cache, no keys", typed(1, n -> "\"prices\":[]")),
        arguments("caches that are not here", typed(1, n -> "\"prices" + n + "\":\"*\"")),
        arguments("records", keys(ReceiverWorkTest::record)),
        arguments("the same record", keys(n -> record(7))),
        arguments("lists of a record", keys(n -> "[" + record(n) + "]")),
        arguments("keys of several parts", keys(n -> "{\"key\":[" + n + ",\"a\"]}")),
        arguments("numbers of several widths", keys(n -> "" + n)),
        arguments("packed numbers", keys(n -> "{\"packed\":\"AgICAgICAgIC\"}")));
  }

  @Tag("G7.14")
  @ParameterizedTest(name = "{0}")
  @MethodSource("messages")
  void work_isInProportionToTheMessage(String name, Message message) throws Exception {
    for (String cache : List.of("prices", "names", "prices:eu")) {
      map.put(cache, caches.coherent(cache));
    }
    for (Object key :
        List.of(
            1L,
            1,
            "a",
            new Counted(1),
            List.of(new Counted(1)),
            List.of(1L),
            new SimpleKey(1L, "a"))) {
      caches.cache("prices").put(key, 10);
    }
    CoherentLocalCaches localCaches =
        new CoherentLocalCaches(caches.listening(map), caches.observer());
    MessageReader reader = new MessageReader(List.of());
    for (int size : List.of(10_000, 100_000, 1_000_000)) {
      byte[] payload = message.ofSize(size);

      long work = work(() -> localCaches.apply(reader.read(payload, false).invalidations()));

      assertThat(work)
          .as("operations for %d bytes of %s", payload.length, name)
          .isLessThan(OPERATIONS_OF_A_MESSAGE + (long) OPERATIONS_FOR_EACH_BYTE * payload.length);
    }
  }

  private long work(Step step) throws Exception {
    caches.observer().newCacheEvents();
    keyOperations.set(0);
    map.characters.set(0);
    step.run();
    long clears =
        caches.observer().newCacheEvents().stream()
            .filter(event -> event.startsWith("cleared"))
            .count();
    return keyOperations.get() + map.characters.get() + clears * OPERATIONS_OF_A_CLEAR;
  }

  private interface Step {
    void run() throws Exception;
  }

  /** Repeats a part as often as it fits. */
  private record Message(String frame, String separator, LongFunction<String> part) {

    byte[] ofSize(int size) {
      StringBuilder parts = new StringBuilder(size);
      for (long n = 1; parts.length() + 300 < size; n++) {
        parts.append(n == 1 ? "" : separator).append(part.apply(n));
      }
      return frame.formatted(parts).getBytes(StandardCharsets.UTF_8);
    }
  }

  private static Message open(String frame, LongFunction<String> part) {
    return new Message(frame, "", part);
  }

  private static Message typed(int body, LongFunction<String> part) {
    return new Message(TYPED.formatted(body, "%s"), ",", part);
  }

  private static Message keys(LongFunction<String> part) {
    return new Message(TYPED.formatted(1, "\"prices\":[%s]"), ",", part);
  }

  private static String record(long number) {
    return RECORD.formatted(number);
  }
}

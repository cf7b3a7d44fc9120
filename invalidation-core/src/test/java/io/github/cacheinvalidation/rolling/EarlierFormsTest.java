package io.github.cacheinvalidation.rolling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.architecture.Checkout;
import io.github.cacheinvalidation.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Messages and entries of the log as earlier commits wrote them, recorded from nodes of these
 * commits: one recording for each change of what a node writes for the {@link EarlierKeys}. The
 * kinds of keys that came later are samples in {@code protocol/v1}. The node of today reads each
 * recording.
 */
@Tag("G7")
@Tag("G7.19")
class EarlierFormsTest {

  private static final List<String> RECORDINGS = Recording.NAMES;

  private static final String NEWEST = RECORDINGS.get(RECORDINGS.size() - 1);

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Caches that every recording clears as a whole. */
  private static final List<String> CLEARED = List.of("unwritable", "whole", "third");

  /** Keys of the recordings beside those of {@link EarlierKeys}. */
  private static final Map<String, Object> OTHERS = Map.of("first", 1L, "second", "b", "last", 1L);

  private final TestRedis redis = TestRedis.started();

  private @Nullable RollingNode node;

  @AfterEach
  void close() {
    if (node != null) {
      node.close();
    }
    redis.close();
  }

  /** Starts a node on a log that an earlier node has begun, and fills its caches. */
  private RollingNode joined(Recording recording) {
    append(recording.log().get(0));
    RollingNode started =
        new VersionNode(redis.lettuce(), "today", new HashMap<>(), EarlierKeys.codecs());
    node = started;
    started.join();
    EarlierKeys.pairs().forEach((cache, pair) -> pair.forEach(key -> started.read(cache, key)));
    EarlierKeys.batches().forEach((cache, keys) -> keys.forEach(key -> started.read(cache, key)));
    EarlierKeys.batches().keySet().forEach(cache -> started.read(cache, "another"));
    CLEARED.forEach(cache -> started.read(cache, "any"));
    OTHERS.forEach(started::read);
    return started;
  }

  private void append(Recording.Entry entry) {
    redis.command(
        "XADD",
        Recorder.LOG_KEY,
        entry.id(),
        "n",
        entry.nonce(),
        "s",
        entry.sum(),
        "m",
        entry.body());
  }

  @ParameterizedTest
  @FieldSource("RECORDINGS")
  void messages_evictTheirKeys(String name) {
    Recording recording = Recording.load(name);
    RollingNode reader = joined(recording);
    List<Recording.Entry> entries = new ArrayList<>(recording.log());
    entries.remove(0);

    for (String message : recording.feed()) {
      if (message.startsWith("{\"pos\":\"" + entries.get(0).id() + "/")) {
        append(entries.remove(0));
      }
      redis.command("PUBLISH", VersionNode.CHANNEL, message);
    }

    assertThat(entries).as("entries of the log without a message").isEmpty();
    assertAllApplied(reader, name);
  }

  @ParameterizedTest
  @FieldSource("RECORDINGS")
  void entriesOfTheLog_evictTheirKeys(String name) {
    Recording recording = Recording.load(name);
    RollingNode reader = joined(recording);

    recording.log().stream().skip(1).forEach(this::append);

    assertAllApplied(reader, name);
    assertThat(reader.replayed()).isEqualTo(recording.log().size() - 1);
  }

  private void assertAllApplied(RollingNode reader, String name) {
    await().atMost(PATIENCE).until(() -> !reader.holds("last", 1L));
    OTHERS.forEach((cache, key) -> assertThat(reader.holds(cache, key)).as(cache).isFalse());
    List<String> cleared = new ArrayList<>();
    EarlierKeys.pairs()
        .forEach(
            (cache, pair) -> {
              assertThat(reader.holds(cache, pair.get(0))).as("the key of %s", cache).isFalse();
              if (!reader.holds(cache, pair.get(1))) {
                cleared.add(cache);
              }
            });
    EarlierKeys.batches()
        .forEach(
            (cache, keys) -> {
              assertThat(keys).as(cache).noneMatch(key -> reader.holds(cache, key));
              assertThat(reader.holds(cache, "another")).as("the other key of %s", cache).isTrue();
            });
    assertThat(CLEARED).noneMatch(cache -> reader.holds(cache, "any"));
    assertThat(cleared).isEqualTo(namedAsAWhole(name));
    assertThat(reader.clears()).allMatch(clear -> clear.endsWith(" INVALIDATED"));
    assertThat(reader.troubles()).isEmpty();
  }

  /** The first form had none for a text with half of a surrogate pair. */
  private static List<String> namedAsAWhole(String name) {
    return name.equals(RECORDINGS.get(0)) ? List.of("string-surrogate") : List.of();
  }

  /** {@code -Drecording.update=true} writes the newest recording, for a form that is new. */
  @Test
  void newestRecording_isWhatThisVersionWrites() throws IOException {
    Recording written = Recorder.record(redis);
    if (Boolean.getBoolean("recording.update")) {
      Path resources = Checkout.module("invalidation-core").resolve("src/test/resources/rolling");
      written.store(resources.resolve(NEWEST + ".txt"));
      return;
    }

    assertThat(written.log())
        .as("values written; if their form is meant to be new, add a recording, and change none")
        .extracting(Recording.Entry::values)
        .containsExactlyElementsOf(
            Recording.load(NEWEST).log().stream().map(Recording.Entry::values).toList());
  }
}

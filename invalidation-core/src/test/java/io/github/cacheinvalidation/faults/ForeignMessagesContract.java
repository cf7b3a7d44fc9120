package io.github.cacheinvalidation.faults;

import static io.github.cacheinvalidation.faults.ShopNode.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.ClearReason;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How nodes handle messages that no node has sent. */
@Tag("G3")
abstract class ForeignMessagesContract extends RedisFaultsFixture {

  @Tag("G7.1")
  @Test
  void hostileMessages_neverStopTheListenerAndClearNothing() {
    redis.start();
    ShopNode reader = node("reader").join();
    fill(5);
    readAll(reader);
    List<String> hostile =
        List.of(
            "",
            "no JSON",
            "{",
            "[".repeat(100_000),
            "{\"a\":".repeat(50_000),
            "{\"v\":1,\"body\":1,\"caches\":{\"products\":7}}",
            "{\"v\":2,\"caches\":{\"products\":\"*\"}}",
            "{\"pos\":\"9-9/x\",\"prev\":\"8-8/x\"}",
            "{\"pos\":\"9-9/x\",\"prev\":\"\"}",
            "{\"pos\":7,\"prev\":[]}",
            "{\"cache\":\"" + "x".repeat(2 << 20) + "\"}",
            "{\"cache\":\"products\",\"key\":" + "9".repeat(10_000) + "}",
            "{\"cache\":null}",
            "{\"v\":1,\"from\":\"n/1\",\"body\":1,\"caches\":{\"other\":[{\"record\":[\"java.lang"
                + ".Runtime\",[]]}]}}",
            "\u0000\uFFFF");
    for (int round = 0; round < 3; round++) {
      hostile.forEach(message -> redis.command("PUBLISH", channel, message));
    }
    redis.command("PUBLISH", channel, "{\"cache\":\"products\",\"key\":4}");

    await().atMost(PATIENCE).until(() -> !reader.holds(4L));

    assertThat(reader.observer.unreadable.get()).isGreaterThan(20);
    assertThat(reader.holds(1L)).isTrue();
    assertThat(reader.observer.clears()).doesNotContain(ClearReason.INVALIDATED);
    assertStillCoherent(node("writer").join(), reader);
    assertThat(reader.observer.clearsForLoss()).isEmpty();
    assertThat(reader.observer.lost).hasValue(0);
  }

  @Test
  void openForms_evict() {
    redis.start();
    ShopNode reader = node("reader").join();
    fill(10);

    for (String message :
        List.of(
            "{\"cache\":\"products\",\"key\":7}",
            "{\"cache\":\"products\",\"key\":\"7\"}",
            "{\"cache\":\"products\",\"keys\":[7,8]}",
            "{\"cache\":\"products\"}",
            "{\"cache\":\"*\"}",
            "{\"key\":\"products:7\"}")) {
      readAll(reader);
      boolean everything = !message.contains("key");
      redis.command("PUBLISH", channel, message);

      await(message).atMost(PATIENCE).until(() -> !reader.holds(7L));
      assertThat(reader.holds(1L)).as(message).isEqualTo(!everything);
    }
  }

  @Tag("G7.5")
  @Test
  void aMessageForAnUnknownCache_createsNothing() {
    redis.start();
    ShopNode reader = node("reader").join();
    fill(8);
    readAll(reader);

    redis.command("PUBLISH", channel, "{\"cache\":\"unknown\",\"key\":7}");
    redis.command("PUBLISH", channel, "{\"cache\":\"unknown\"}");
    redis.command("PUBLISH", channel, "{\"key\":\"unknown:7\"}");
    redis.command("PUBLISH", channel, "{\"cache\":\"products\",\"key\":7}");

    await().atMost(PATIENCE).until(() -> !reader.holds(7L));
    assertThat(reader.node().cacheManager().getCacheNames()).containsExactly(ShopNode.CACHE);
  }
}

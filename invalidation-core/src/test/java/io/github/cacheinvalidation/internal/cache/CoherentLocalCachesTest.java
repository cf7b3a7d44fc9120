package io.github.cacheinvalidation.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.Wire;
import io.github.cacheinvalidation.internal.key.WireKey;
import io.github.cacheinvalidation.internal.message.MessageEventListener;
import io.github.cacheinvalidation.internal.receiver.LocalCaches;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;

@Tag("G7")
class CoherentLocalCachesTest {

  private final TestCaches caches = TestCaches.create();

  private final Cache prices = caches.cache("prices");

  private final Cache names = caches.cache("names");

  enum Colour {
    RED
  }

  record Picky(String text) {

    private static final AtomicInteger made = new AtomicInteger();

    Picky {
      made.incrementAndGet();
      if (!text.equals("fine")) {
        throw new IllegalArgumentException(text);
      }
    }
  }

  record Pair(String left, long right) {}

  @Test
  void typedKey_evictsTheKeyOfTheTypeUsedHere_andNoOther() {
    prices.put(7L, 10);
    prices.put(8L, 10);
    prices.put("7", 10);
    caches.receiveEviction("prices", 7L);
    assertThat(prices.get(7L)).isNull();
    assertThat(prices.get(8L)).isNotNull();
    assertThat(prices.get("7")).isNotNull();
    assertThat(caches.observer().newCacheEvents()).containsExactly("applied prices 1");
  }

  @Test
  void settingsInAMessageOfANode_arePassedOnAfterItsInvalidations_andOfAnotherProgramNot() {
    List<String> heard = new ArrayList<>();
    LocalCaches localCaches =
        caches
            .manager()
            .localCaches(
                new MessageEventListener() {
                  @Override
                  public void cleared(@Nullable String origin, String cache, long evicted) {
                    heard.add("cleared " + cache);
                  }

                  @Override
                  public void settings(String origin, Map<String, String> settings) {
                    heard.add(origin + " " + settings);
                  }
                });
    String body = "\"body\":1,\"caches\":{\"prices\":\"*\"},\"settings\":{\"prices\":\"spec=\"}}";

    localCaches.apply(Wire.read("{\"v\":1,\"from\":\"n/1\"," + body));
    localCaches.apply(Wire.read("{\"v\":1," + body));

    assertThat(heard).containsExactly("cleared prices", "n/1 {prices=spec=}", "cleared prices");
  }

  @Tag("G7.8")
  @Test
  void typedKey_ofEveryWidth_evictsTheWidthUsedHere() {
    prices.put(7, 10);
    caches.receiveEviction("prices", 7L);
    assertThat(prices.get(7)).isNull();
  }

  @Test
  void openKey_isTriedAsEveryTypeUsedHere() {
    for (String key : List.of("7", "\"7\"")) {
      prices.put(7L, 10);
      prices.put("7", 10);
      caches.receive("{\"cache\":\"prices\",\"key\":" + key + "}");
      assertThat(prices.get(7L)).isNull();
      assertThat(prices.get("7")).isNull();
    }
    prices.put(1L, 10);
    prices.put(2L, 10);
    caches.receive("{\"cache\":\"prices\",\"keys\":[1,\"2\"]}");
    assertThat(prices.get(1L)).isNull();
    assertThat(prices.get(2L)).isNull();
  }

  @Test
  void prefixedKey_evictsInTheLongestCacheThatFits_andInCachesWithTexts() {
    Cache deeper = caches.cache("prices:eu");
    deeper.put(7L, 10);
    prices.put("eu:7", 10);
    names.put("prices:eu:7", "text");
    names.put("7", "other");
    caches.receive(new Invalidation.Prefixed<>("prices:eu:7"));
    assertThat(deeper.get(7L)).isNull();
    assertThat(prices.get("eu:7")).isNotNull();
    assertThat(names.get("prices:eu:7")).isNull();
    assertThat(names.get("7")).isNotNull();
  }

  @Test
  void prefixedKey_withOddColons_evictsTheTextOnly() {
    for (String text : List.of(":", ":7", "prices:", "7", "", "nowhere:7")) {
      names.put(text, "text");
      prices.put(7L, 10);
      caches.receive(new Invalidation.Prefixed<>(text));
      assertThat(names.get(text)).as(text).isNull();
      assertThat(prices.get(7L)).as(text).isNotNull();
    }
  }

  @Test
  void whole_clearsThatCacheAlone() {
    prices.put(7L, 10);
    names.put(7L, 10);
    caches.receive(new Invalidation.Whole<>("prices"));
    assertThat(prices.get(7L)).isNull();
    assertThat(names.get(7L)).isNotNull();
    assertThat(caches.observer().newCacheEvents()).containsExactly("cleared prices INVALIDATED");
  }

  @Tag("G7.6")
  @Test
  void newer_clearsThatCacheAlone() {
    prices.put(7L, 10);
    names.put(7L, 10);
    caches.receive(new Invalidation.Newer<>("prices"));
    assertThat(prices.get(7L)).isNull();
    assertThat(names.get(7L)).isNotNull();
    assertThat(caches.observer().newCacheEvents()).containsExactly("cleared prices NEWER_FORMAT");
  }

  @Test
  void everything_clearsEveryCacheButLocalOnlyOnes() {
    Cache local = caches.cache("local");
    prices.put(7L, 10);
    names.put(7L, 10);
    local.put(7L, 10);
    caches.receive(new Invalidation.Everything<>());
    assertThat(prices.get(7L)).isNull();
    assertThat(names.get(7L)).isNull();
    assertThat(local.get(7L)).isNotNull();
  }

  @Test
  void clearAll_tellsItsReason() {
    caches.manager().localCaches().clearAll(ClearReason.LOST_MESSAGES);
    assertThat(caches.observer().newCacheEvents())
        .containsExactlyInAnyOrder("cleared prices LOST_MESSAGES", "cleared names LOST_MESSAGES");
  }

  @Test
  void unknownCaches_areNotMade() {
    caches.receive(
        List.of(
            new Invalidation.Whole<>("nowhere"),
            new Invalidation.Newer<>("nowhere"),
            new Invalidation.Keys<>("nowhere", List.of(WireKey.text("a"))),
            new Invalidation.OpenKeys<>("nowhere", List.of(WireKey.text("a"))),
            new Invalidation.Prefixed<>("nowhere:a")));
    assertThat(caches.manager().getCacheNames()).containsExactly("names", "prices");
    assertThat(caches.observer().newCacheEvents()).isEmpty();
  }

  @Tag("G7.7")
  @Test
  void namedTypeThatIsNotUsedHere_clearsThatCacheAlone() {
    prices.put(7L, 10);
    names.put(7L, 10);
    caches.receiveEviction("prices", Colour.RED);
    assertThat(prices.get(7L)).isNull();
    assertThat(names.get(7L)).isNotNull();
    assertThat(caches.observer().newCacheEvents())
        .containsExactly("cleared prices UNKNOWN_KEY_TYPE", "applied prices 1");
  }

  @Test
  void keysThatCannotBeBuilt_clearAtTheFirst_soThatTheyDoNotHoldTheListener() {
    prices.put(new Picky("fine"), 10);
    Picky.made.set(0);
    String key = "{\"record\":[\"" + Picky.class.getName() + "\",[\"odd\"]]}";
    caches.receive(
        "{\"v\":1,\"from\":\"n/1\",\"body\":1,\"caches\":{\"prices\":["
            + (key + ",").repeat(5_000)
            + "7]}}");
    assertThat(Picky.made).hasValue(1);
    assertThat(prices.get(new Picky("fine"))).isNull();
    assertThat(caches.observer().newCacheEvents())
        .containsExactly("cleared prices UNKNOWN_KEY_TYPE", "applied prices 5001");
  }

  @Test
  void namedTypeThatIsUsedHere_clearsNothing() {
    prices.put(7L, 10);
    prices.put(new Pair("a", 1), 10);
    prices.put(new Pair("b", 1), 10);
    caches.receiveEviction("prices", new Pair("a", 1));
    assertThat(prices.get(new Pair("a", 1))).isNull();
    assertThat(prices.get(new Pair("b", 1))).isNotNull();
    assertThat(prices.get(7L)).isNotNull();
  }

  @Test
  void scalarTypeThatIsNotUsedHere_clearsNothing() {
    prices.put(7L, 10);
    caches.receiveEviction("prices", "text");
    assertThat(prices.get(7L)).isNotNull();
  }

  @Test
  void allInvalidationsOfAMessage_areApplied() {
    prices.put("a", 10);
    names.put("b", 10);
    caches.receive(
        List.of(
            new Invalidation.Whole<>("nowhere"),
            new Invalidation.OpenKeys<>("prices", List.of(WireKey.text("a"))),
            new Invalidation.OpenKeys<>("names", List.of(WireKey.text("b")))));
    assertThat(prices.get("a")).isNull();
    assertThat(names.get("b")).isNull();
  }

  @Test
  void appliedInvalidations_areNotPublishedAgain() {
    prices.put(7L, 10);
    caches.published();
    caches.receiveEviction("prices", 7L);
    caches.receive(new Invalidation.Everything<>());
    assertThat(caches.published()).isEmpty();
  }
}

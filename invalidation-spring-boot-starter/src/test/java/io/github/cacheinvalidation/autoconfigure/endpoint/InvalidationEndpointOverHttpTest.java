package io.github.cacheinvalidation.autoconfigure.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.NodeStatus.State;
import io.github.cacheinvalidation.autoconfigure.http.WebNodes;
import io.github.cacheinvalidation.autoconfigure.http.WebNodes.Answer;
import io.github.cacheinvalidation.testing.TestRedis;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.context.ConfigurableApplicationContext;

/** What an operator sees at {@code /actuator/invalidation} of two nodes on a real Redis. */
class InvalidationEndpointOverHttpTest {

  private static final Duration GUARD = Duration.ofSeconds(60);

  private static final TestRedis REDIS = TestRedis.stopped();

  private static ConfigurableApplicationContext a;

  private static ConfigurableApplicationContext b;

  private final WebNodes nodes = new WebNodes();

  @BeforeAll
  static void startTwoNodes() {
    REDIS.start();
    a = node("a", "management.endpoint.invalidation.access=unrestricted");
    b = node("b", "management.endpoint.invalidation.show-keys=true");
    WebNodes.awaitState(a, State.COHERENT);
    WebNodes.awaitState(b, State.COHERENT);
  }

  @AfterAll
  static void stop() {
    a.close();
    b.close();
    REDIS.close();
  }

  @BeforeEach
  void fill() {
    for (ConfigurableApplicationContext node : List.of(a, b)) {
      Cache cache = cache(node);
      cache.get(7L, () -> "value");
    }
  }

  @Test
  void page_showsThisNodeAndItsStatus() {
    Answer page = get(a, "");

    assertThat(page.code()).isEqualTo(200);
    assertThat(page.map("$.node"))
        .containsEntry("name", "a")
        .containsEntry("state", "COHERENT")
        .containsEntry("transport", "pubsub")
        .containsEntry("channel", "cache:invalidate:shop")
        .containsEntry("pendingKeys", 0)
        .containsKeys("id", "since", "lastConfirmed", "server")
        .doesNotContainKey("reason");
  }

  @Test
  void page_showsWhoElseListens() {
    Answer page = get(a, "");

    assertThat(page.number("$.listeners.connections")).isEqualTo(2);
    assertThat(page.texts("$.listeners.names")).containsExactly("a", "b");
  }

  @Test
  void page_showsTheCaches() {
    cache(a).get(7L);
    cache(b).clear();
    Awaitility.await().atMost(GUARD).until(() -> cache(a).get(7L) == null);
    cache(a).get(7L, () -> "value");

    Map<String, Object> cache = get(a, "/products").map("$");

    assertThat(cache)
        .containsEntry("name", "products")
        .containsEntry("size", 1)
        .containsEntry("maximumSize", 100)
        .containsEntry("expireAfterWrite", "PT10M")
        .containsEntry("maxStaleness", "PT10S")
        .containsEntry("localOnly", false)
        .containsEntry("keyTypes", List.of("java.lang.Long"));
    assertThat(Double.parseDouble(String.valueOf(cache.get("hitRate")))).isBetween(0.01, 0.99);
    assertThat(get(a, "/products").text("$.lastClear.reason")).isEqualTo("INVALIDATED");
    assertThat(get(a, "").texts("$.caches[*].name")).containsExactly("products");
  }

  @Test
  void lastInvalidations_showTheSenderTheKeysAndWhatWasEvictedHere() {
    cache(b).evict(7L);
    Awaitility.await().atMost(GUARD).until(() -> cache(a).get(7L) == null);

    Map<String, Object> there = get(a, "").map("$.invalidations[0]");
    assertThat(there)
        .containsEntry("from", "node")
        .containsEntry("cache", "products")
        .containsEntry("whole", false)
        .containsEntry("keyCount", 1)
        .containsEntry("evicted", 1)
        .doesNotContainKey("keys")
        .containsEntry("keyHashes", List.of("7902699be42c8a8e"));
    assertThat((String) there.get("origin")).startsWith("b/");
    assertThat(Instant.parse((String) there.get("time"))).isAfter(Instant.now().minus(GUARD));
    Awaitility.await()
        .atMost(GUARD)
        .untilAsserted(
            () ->
                assertThat(get(b, "").map("$.invalidations[0]"))
                    .containsEntry("from", "own")
                    .containsEntry("keys", List.of("7"))
                    .doesNotContainKeys("evicted", "keyHashes"));
  }

  @Test
  void messageOfAnotherProgram_isForeign_andOneOfAnUnknownCacheIsNoted() {
    REDIS.command("PUBLISH", "cache:invalidate:shop", "{\"cache\":\"products\",\"key\":7}");
    REDIS.command("PUBLISH", "cache:invalidate:shop", "{\"cache\":\"prodcuts\",\"key\":7}");

    Awaitility.await()
        .atMost(GUARD)
        .until(() -> get(a, "").map("$.invalidations[0]").containsKey("note"));
    assertThat(get(a, "").map("$.invalidations[0]"))
        .containsEntry("from", "foreign")
        .containsEntry("cache", "prodcuts");
    assertThat(get(a, "").map("$.invalidations[1]"))
        .containsEntry("from", "foreign")
        .containsEntry("evicted", 1)
        .doesNotContainKey("origin");
  }

  @Test
  void since_readsTheLogInRedis() {
    Instant before = redisTime();
    cache(a).evict(1L);
    cache(b).evict(2L);
    cache(b).clear();

    Awaitility.await()
        .atMost(GUARD)
        .until(() -> get(b, "?since=" + before).number("$.log.messages") == 3);
    Answer page = get(b, "?since=" + before);
    assertThat(page.texts("$.log.invalidations[*].from"))
        .containsExactlyInAnyOrder("node", "own", "own");
    assertThat(page.texts("$.log.invalidations[0:2].keys[0]")).containsExactlyInAnyOrder("1", "2");
    assertThat(page.flag("$.log.invalidations[2].whole")).isTrue();
    assertThat(page.texts("$.log.notes")).isEmpty();
    assertThat(get(b, "?since=" + before + "&limit=2").texts("$.log.notes"))
        .containsExactly("More messages follow; ask again with the time of the last one");
    assertThat(get(b, "?since=2020-01-31T03:00:00%2B01:00").texts("$.log.notes"))
        .contains("The log begins later than the time of the request; older messages are gone");
  }

  private static Instant redisTime() {
    List<?> time = (List<?>) REDIS.command("TIME");
    return Instant.ofEpochSecond(Long.parseLong(time.get(0).toString()))
        .plusNanos(Long.parseLong(time.get(1).toString()) * 1000);
  }

  @Test
  void badRequests_getTheReason() {
    assertThat(get(a, "?since=yesterday").code()).isEqualTo(400);
    assertThat(get(a, "?since=yesterday").text("$.error"))
        .contains("'since' must be a time with its zone", "yesterday");
    assertThat(get(a, "?since=2026-01-31T03:00:00Z&limit=0").text("$.error"))
        .contains("'limit' must be from 1 to 500");
    assertThat(get(a, "/prodcuts").code()).isEqualTo(404);
    assertThat(delete(a, "/prodcuts").code()).isEqualTo(400);
    assertThat(delete(a, "/prodcuts/7").text("$.error"))
        .contains("no cache 'prodcuts'", "products");
  }

  @Test
  void key_isShownAsHeldOrNot_andThatIsNoLookup() {
    Cache cache = cache(a);
    Object before = stats(cache);

    assertThat(get(a, "/products/7").map("$"))
        .containsEntry("held", true)
        .containsEntry("heldTypes", List.of("java.lang.Long"));
    assertThat(get(a, "/products/8").map("$")).containsEntry("held", false);
    assertThat(stats(cache)).isEqualTo(before);
  }

  private static Object stats(Cache cache) {
    return ((com.github.benmanes.caffeine.cache.Cache<?, ?>) cache.getNativeCache()).stats();
  }

  @Test
  void deletedKey_isEvictedOnAllNodes() {
    cache(b).get(8L, () -> "value");

    Answer answer = delete(a, "/products/7");

    assertThat(answer.code()).isEqualTo(200);
    assertThat(answer.map("$"))
        .containsEntry("cache", "products")
        .containsEntry("keyTypes", List.of("java.lang.Long", "java.lang.String"));
    assertThat(cache(a).get(7L)).isNull();
    Awaitility.await().atMost(GUARD).until(() -> cache(b).get(7L) == null);
    assertThat(cache(b).get(8L)).isNotNull();
  }

  @Test
  void deletedCache_isClearedOnAllNodes() {
    assertThat(delete(a, "/products").code()).isEqualTo(200);

    assertThat(cache(a).get(7L)).isNull();
    Awaitility.await().atMost(GUARD).until(() -> cache(b).get(7L) == null);
  }

  @Test
  void deleting_isRefusedUnlessTheAccessIsUnrestricted() {
    assertThat(delete(b, "/products").code()).isEqualTo(405);
    assertThat(delete(b, "/products/7").code()).isEqualTo(405);
    assertThat(cache(b).get(7L)).isNotNull();
  }

  @Test
  void deletingAtTheEndpointOfSpringBoot_stillClearsAllNodes() {
    assertThat(nodes.send(a, "DELETE", "/actuator/caches/products").code()).isEqualTo(204);

    Awaitility.await().atMost(GUARD).until(() -> cache(b).get(7L) == null);
  }

  private static Cache cache(ConfigurableApplicationContext node) {
    return Objects.requireNonNull(node.getBean(CacheManager.class).getCache("products"));
  }

  private static ConfigurableApplicationContext node(String name, String setting) {
    return WebNodes.start(
        REDIS,
        setting,
        "spring.cache.cache-names=products",
        "spring.cache.caffeine.spec=maximumSize=100,expireAfterWrite=10m,recordStats",
        "invalidation.node-name=" + name,
        "management.endpoints.web.exposure.include=*");
  }

  private Answer get(ConfigurableApplicationContext node, String path) {
    return nodes.get(node, "/actuator/invalidation" + path);
  }

  private Answer delete(ConfigurableApplicationContext node, String path) {
    return nodes.send(node, "DELETE", "/actuator/invalidation" + path);
  }
}

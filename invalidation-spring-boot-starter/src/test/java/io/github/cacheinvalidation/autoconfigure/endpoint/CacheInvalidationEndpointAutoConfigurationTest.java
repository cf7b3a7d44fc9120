package io.github.cacheinvalidation.autoconfigure.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.NodeStatus.Impairment;
import io.github.cacheinvalidation.SourceOfTruth;
import io.github.cacheinvalidation.autoconfigure.CacheInvalidationAutoConfiguration;
import io.github.cacheinvalidation.internal.history.RecentMessages;
import io.github.cacheinvalidation.testing.TestRedis;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jmx.JmxEndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jmx.JmxAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.context.ApplicationContext;

class CacheInvalidationEndpointAutoConfigurationTest {

  private static final String EXPOSED = "management.endpoints.web.exposure.include=invalidation";

  private final ApplicationContextRunner application =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  DataRedisAutoConfiguration.class,
                  CacheAutoConfiguration.class,
                  EndpointAutoConfiguration.class,
                  CacheInvalidationAutoConfiguration.class,
                  CacheInvalidationEndpointAutoConfiguration.class))
          .withPropertyValues(
              "invalidation.channel=" + UUID.randomUUID(),
              "spring.cache.cache-names=products",
              "spring.cache.caffeine.spec=expireAfterAccess=1h,recordStats");

  private final ApplicationContextRunner local =
      application.withPropertyValues("invalidation.transport=local");

  @Test
  void endpointThatIsNotExposed_isNotThere_andNothingIsRemembered() {
    local.run(
        context ->
            assertThat(context)
                .doesNotHaveBean(InvalidationEndpoint.class)
                .doesNotHaveBean(RecentMessages.class));
  }

  @Test
  void accessNone_removesIt() {
    local
        .withPropertyValues(EXPOSED, "management.endpoint.invalidation.access=NONE")
        .run(context -> assertThat(context).doesNotHaveBean(InvalidationEndpoint.class));
  }

  @Test
  void applicationWithoutActuator_starts() {
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                CacheAutoConfiguration.class,
                CacheInvalidationAutoConfiguration.class,
                CacheInvalidationEndpointAutoConfiguration.class))
        .withPropertyValues(EXPOSED, "invalidation.transport=local")
        .withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("invalidationEndpoint"));
  }

  @Test
  void starterThatStandsBack_hasNoEndpoint() {
    local
        .withPropertyValues(EXPOSED, "spring.cache.type=none")
        .run(
            context ->
                assertThat(context).hasNotFailed().doesNotHaveBean(InvalidationEndpoint.class));
  }

  @Test
  void badSetting_isNamedWithItsValue() {
    local
        .withPropertyValues(EXPOSED, "management.endpoint.invalidation.history-size=0")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContaining("management.endpoint.invalidation.history-size")
                    .hasMessageContaining("0"));
  }

  @Test
  void nodeWithinOneJvm_saysThatThereIsNoServerToAsk() {
    local
        .withPropertyValues(EXPOSED)
        .run(
            context -> {
              InvalidationNode node = context.getBean(InvalidationNode.class);
              assertThat(node.awaitJoined(Duration.ofSeconds(60))).isTrue();

              InvalidationEndpoint.Page page = page(context, "2026-01-31T03:00:00Z");

              assertThat(page.node().state()).isEqualTo("COHERENT");
              assertThat(page.node().transport()).isEqualTo("local");
              assertThat(page.listeners().connections()).isNull();
              assertThat(page.listeners().notes())
                  .containsExactly("This transport has no server to ask");
              assertThat(Objects.requireNonNull(page.log()).notes())
                  .containsExactly("This transport has no server to ask");
            });
  }

  @Test
  void disabledNode_isStopped() {
    local
        .withPropertyValues(EXPOSED, "invalidation.enabled=false")
        .run(
            context ->
                assertThat(page(context, null).listeners().notes())
                    .containsExactly("This node is stopped"));
  }

  @Test
  void redisThatDoesNotAnswer_isNotAsked() {
    try (TestRedis redis = TestRedis.stopped()) {
      application
          .withPropertyValues(
              EXPOSED,
              "spring.data.redis.host=" + redis.host(),
              "spring.data.redis.port=" + redis.port())
          .run(
              context -> {
                Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(
                        () ->
                            context
                                .getBean(InvalidationNode.class)
                                .status()
                                .impairments()
                                .contains(Impairment.CHECKS));

                InvalidationEndpoint.Page page = page(context, "2026-01-31T03:00:00Z");

                assertThat(page.node().reason()).isNotBlank();
                assertThat(page.listeners().notes())
                    .containsExactly("Redis does not answer this node, so it was not asked");
                assertThat(Objects.requireNonNull(page.log()).notes())
                    .containsExactly("Redis does not answer this node, so it was not asked");
              });
    }
  }

  @Test
  void nodeThatReadsTheStream_isNamed_andANoteSaysThatItIsNotCounted() {
    try (TestRedis redis = TestRedis.started()) {
      application
          .withPropertyValues(
              EXPOSED,
              "invalidation.transport=stream",
              "invalidation.node-name=reader",
              "spring.data.redis.host=" + redis.host(),
              "spring.data.redis.port=" + redis.port())
          .run(
              context ->
                  Awaitility.await()
                      .atMost(Duration.ofSeconds(60))
                      .untilAsserted(
                          () -> {
                            NodePage.Listeners listeners = page(context, null).listeners();
                            assertThat(listeners.names()).containsExactly("reader");
                            assertThat(listeners.connections()).isZero();
                            assertThat(listeners.notes())
                                .hasSize(2)
                                .contains(
                                    "A node with the transport stream reads the log and does not"
                                        + " subscribe, so the connections do not count it");
                          }));
    }
  }

  @Test
  void lastClear_isRememberedWithItsReason() {
    local
        .withPropertyValues(EXPOSED)
        .run(
            context -> {
              assertThat(page(context, null).caches().get(0).lastClear())
                  .extracting(CachePages.LastClear::reason)
                  .isEqualTo("JOINED");

              cache(context).clear();

              assertThat(page(context, null).caches().get(0).lastClear())
                  .extracting(CachePages.LastClear::reason)
                  .isEqualTo("REQUESTED");
            });
  }

  @Test
  void cacheWithoutBounds_isShownAsUnlimited() {
    local
        .withPropertyValues(EXPOSED, "invalidation.caches.products.spec=recordStats")
        .run(context -> assertThat(page(context, null).caches().get(0).unlimited()).isTrue());
    local
        .withPropertyValues(EXPOSED, "invalidation.caches.products.spec=weakValues")
        .run(context -> assertThat(page(context, null).caches().get(0).unlimited()).isFalse());
    local
        .withPropertyValues(EXPOSED)
        .run(context -> assertThat(page(context, null).caches().get(0).unlimited()).isFalse());
  }

  @Test
  void keyThatNoMessageCanContain_isShownByItsClassAndTheReason_withoutItsValue() {
    local
        .withPropertyValues(EXPOSED)
        .run(
            context -> {
              assertThat(page(context, null).caches().get(0).lastRefusedKey()).isNull();

              cache(context).evict("long".repeat(5_000));
              CachePages.LastRefusedKey tooLong = refused(context, "java.lang.String");
              assertThat(tooLong.reason()).contains("20002 bytes", "16384").doesNotContain("long");

              cache(context).evict(new AtomicInteger(7007));
              CachePages.LastRefusedKey unknown =
                  refused(context, "java.util.concurrent.atomic.AtomicInteger");
              assertThat(unknown.reason())
                  .startsWith("java.util.concurrent.atomic.AtomicInteger ")
                  .doesNotContain("7007");
            });
  }

  @Test
  void cacheWithASourceOfTruth_showsWhatTheJudgeFound() {
    local
        .withPropertyValues(EXPOSED)
        .run(context -> assertThat(page(context, null).caches().get(0).judge()).isNull());
    local
        .withPropertyValues(EXPOSED, "invalidation.judge.rate=1000")
        .withBean(SourceOfTruth.class, EachKey::new)
        .run(
            context -> {
              assertThat(page(context, null).caches().get(0).judge())
                  .isEqualTo(new CachePages.Judged(0, 0, 0, null));

              cache(context).put("a", "a");

              CachePages.Judged judged =
                  Awaitility.await()
                      .atMost(Duration.ofSeconds(60))
                      .until(
                          () -> Objects.requireNonNull(page(context, null).caches().get(0).judge()),
                          found -> found.checked() > 0);
              assertThat(judged.mismatches()).isZero();
              assertThat(judged.consistency()).isEqualTo(1);
            });
  }

  /** A source in which each key is its own value. */
  private static final class EachKey implements SourceOfTruth {

    @Override
    public String cache() {
      return "products";
    }

    @Override
    public Object read(Object key) {
      return key;
    }
  }

  private static CachePages.LastRefusedKey refused(ApplicationContext context, String type) {
    return Objects.requireNonNull(
        Awaitility.await()
            .atMost(Duration.ofSeconds(60))
            .until(
                () -> page(context, null).caches().get(0).lastRefusedKey(),
                key -> key != null && key.type().equals(type)));
  }

  @Test
  void numberOfExpectedNodes_isShownBesideTheListeners() {
    local
        .withPropertyValues(EXPOSED, "invalidation.expected-nodes=3")
        .run(context -> assertThat(page(context, null).listeners().expected()).isEqualTo(3));
    local
        .withPropertyValues(EXPOSED)
        .run(context -> assertThat(page(context, null).listeners().expected()).isNull());
  }

  @Test
  void lookAtAKey_doesNotRenewItsLifetime() {
    local
        .withPropertyValues(EXPOSED)
        .run(
            context -> {
              cache(context).put("a", "value");
              var entries =
                  ((com.github.benmanes.caffeine.cache.Cache<?, ?>)
                      cache(context).getNativeCache());

              CachePages.KeyPage key =
                  context.getBean(InvalidationEndpoint.class).key("products", "a");

              assertThat(Objects.requireNonNull(key).held()).isTrue();
              assertThat(entries.stats().requestCount()).isZero();
            });
  }

  @Test
  void jmx_hasTheOperations_andThoseThatWriteOnlyIfTheAccessIsUnrestricted() {
    ApplicationContextRunner overJmx =
        local
            .withConfiguration(
                AutoConfigurations.of(
                    JmxAutoConfiguration.class, JmxEndpointAutoConfiguration.class))
            .withPropertyValues(
                "spring.jmx.enabled=true",
                "management.endpoints.jmx.exposure.include=invalidation");
    overJmx.run(
        context -> assertThat(operations(context)).containsExactly("cache", "invalidation", "key"));
    overJmx
        .withPropertyValues("management.endpoint.invalidation.access=UNRESTRICTED")
        .run(
            context ->
                assertThat(operations(context))
                    .containsExactly("cache", "clear", "evict", "invalidation", "key"));
  }

  private static String[] operations(ApplicationContext context) throws Exception {
    MBeanServer server = context.getBean(MBeanServer.class);
    ObjectName name =
        server.queryNames(new ObjectName("*:type=Endpoint,name=Invalidation,*"), null).stream()
            .findFirst()
            .orElseThrow();
    return Arrays.stream(server.getMBeanInfo(name).getOperations())
        .map(MBeanFeatureInfo::getName)
        .sorted()
        .toArray(String[]::new);
  }

  private static InvalidationEndpoint.Page page(
      ApplicationContext context, @Nullable String since) {
    return context.getBean(InvalidationEndpoint.class).invalidation(since, null);
  }

  private static Cache cache(ApplicationContext context) {
    return Objects.requireNonNull(context.getBean(CacheManager.class).getCache("products"));
  }
}

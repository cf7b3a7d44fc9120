package io.github.cacheinvalidation.autoconfigure.internal.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.cacheinvalidation.internal.cache.CacheSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What a node says about its settings, and when it warns that another node has others. */
@Tag("G5")
class ComparedSettingsTest {

  private static final Duration BOUND = Duration.ofSeconds(10);

  private final Logger logger = (Logger) LoggerFactory.getLogger("test." + UUID.randomUUID());

  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

  private final ComparedSettings settings =
      new ComparedSettings(
          new NodeLog(logger, new NodeFacts("shop-1", "10s", () -> "pubsub")),
          "shop",
          Map.of(
              "stock",
              "shop:stock",
              "long",
              "shop:long",
              "odd",
              "shop;odd",
              "umlaut",
              "l\u00e4den"));

  @BeforeEach
  void collect() {
    appender.start();
    logger.addAppender(appender);
    note("products", CacheSettings.ofSpec("maximumSize=100,expireAfterWrite=10m", BOUND, false));
  }

  @AfterEach
  void stop() {
    logger.detachAppender(appender);
  }

  @Test
  void aText_hasTheSpecWithoutBlanks_theBound_andTheChannel() {
    note("prices", CacheSettings.ofSpec("maximumSize=7,\n softValues", BOUND, false));
    note("plain", CacheSettings.ofSpec("", Duration.ofMinutes(90), false));
    note("byCode", new CacheSettings(Caffeine::newBuilder, BOUND, false));
    note("local", CacheSettings.ofSpec("maximumSize=7", BOUND, true));

    assertThat(settings.texts())
        .containsOnly(
            entry(
                "products",
                "spec=maximumSize=100,expireAfterWrite=10m; max-staleness=10s; channel=shop"),
            entry("prices", "spec=maximumSize=7,softValues; max-staleness=10s; channel=shop"),
            entry("plain", "spec=; max-staleness=1h30m; channel=shop"),
            entry("byCode", "max-staleness=10s; channel=shop"));
  }

  @Test
  void aText_namesACacheChannel_ifThereIsRoomBesideTheBound() {
    note("stock", CacheSettings.ofSpec("maximumSize=7", BOUND, false));
    note("long", CacheSettings.ofSpec("maximumSize=7" + ",".repeat(170), BOUND, false));
    note("odd", CacheSettings.ofSpec("maximumSize=7", BOUND, false));
    note("umlaut", CacheSettings.ofSpec("maximumSize=7", BOUND, false));

    assertThat(settings.texts())
        .contains(
            entry("stock", "spec=maximumSize=7; max-staleness=10s; cache-channel=shop:stock"),
            entry("long", "max-staleness=10s; cache-channel=shop:long"),
            entry("odd", "spec=maximumSize=7; max-staleness=10s"),
            entry("umlaut", "spec=maximumSize=7; max-staleness=10s"));
  }

  @Test
  void otherChannelOfACache_isToldOnce_withBothChannelsAndTheRemedy() {
    note("stock", CacheSettings.ofSpec("", BOUND, false));
    hear(
        "products",
        "spec=maximumSize=100,expireAfterWrite=10m; max-staleness=10s; cache-channel=p");
    hear("products", "max-staleness=10s; cache-channel=p");
    hear("stock", "spec=; max-staleness=10s; channel=shop");
    hear("stock", "max-staleness=10s; cache-channel=shop:other");

    assertThat(lines()).hasSize(3);
    assertThat(lines().get(0))
        .startsWith(
            "WARN Node shop-2/a publishes the cache 'products' on channel 'p', but this node on"
                + " 'shop'")
        .contains("invalidation.caches.products.channel", "all nodes", "moves");
    assertThat(lines().get(1)).contains("'stock' on channel 'shop', but this node on 'shop:stock'");
    assertThat(lines().get(2))
        .contains("'stock' on channel 'shop:other', but this node on 'shop:stock'");
  }

  @Test
  void sameChannelOfACache_isNotTold() {
    note("stock", CacheSettings.ofSpec("", BOUND, false));
    hear("stock", "cache-channel=shop:stock; max-staleness=10s");
    hear("products", "max-staleness=10s; channel=shop");

    assertThat(lines()).isEmpty();
  }

  /** The cache channel of one application can be the channel of another one. */
  @Test
  void cacheChannelThatIsTheChannelOfTheOtherNode_isNotTold() {
    note("stock", CacheSettings.ofSpec("", BOUND, false));
    hear("stock", "max-staleness=10s; channel=shop:stock");
    hear("products", "max-staleness=10s; cache-channel=shop");

    assertThat(lines()).isEmpty();
  }

  @Test
  void textOfAnEarlierVersion_whichNamesNoChannel_isNotTold() {
    note("stock", CacheSettings.ofSpec("", BOUND, false));
    hear("stock", "spec=; max-staleness=10s");
    hear("products", "max-staleness=10s");

    assertThat(lines()).isEmpty();
  }

  @Test
  void otherSettings_areToldOnceForEachCacheAndText_withBothTextsAndTheRemedy() {
    note("My.Cache", CacheSettings.ofSpec("maximumSize=100", BOUND, false));
    hear("products", "spec=maximumSize=5; max-staleness=10s");
    hear("products", "spec=maximumSize=5; max-staleness=10s");
    hear("products", "spec=maximumSize=6; max-staleness=10s");
    hear("My.Cache", "spec=maximumSize=5; max-staleness=10s");

    assertThat(lines()).hasSize(3);
    assertThat(lines().get(0))
        .startsWith("WARN Node shop-2/a has other settings of cache 'products'")
        .contains("'spec=maximumSize=5; max-staleness=10s' there")
        .contains(
            "'spec=maximumSize=100,expireAfterWrite=10m; max-staleness=10s; channel=shop' here")
        .contains("spring.cache.caffeine.spec", "invalidation.caches.products.*", "deployment");
    assertThat(lines().get(2)).contains("invalidation.caches.[My.Cache].*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spec=maximumSize=100,expireAfterWrite=10m; max-staleness=20s",
        "max-staleness=20s",
        "spec=; max-staleness=10s",
        "spec=maximumSize=100,expireAfterWrite=10m,later=7; max-staleness=10s",
        "spec=expireAfterWrite=eternity; max-staleness=10s",
      })
  void aPartThatBothNameAndThatDiffers_isTold(String theirs) {
    hear("products", theirs);

    assertThat(lines()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spec=maximumSize=100,expireAfterWrite=10m; max-staleness=10s",
        "spec=expireAfterWrite=600s,maximumSize=100; max-staleness=10s",
        "max-staleness=10s",
        "spec=maximumSize=100,expireAfterWrite=10m",
        "spec=maximumSize=100,expireAfterWrite=10m; max-staleness=10s; later=7",
        "",
        "; ; =",
        "spec=maximumSize=5\n; max-staleness=10s",
        "spec=maximumSize=5\u202e; max-staleness=10s",
      })
  void equalParts_onePartThatOnlyOneNames_andUnprintableTexts_areNotTold(String theirs) {
    hear("products", theirs);

    assertThat(lines()).isEmpty();
  }

  @Test
  void settingsByCode_areComparedByTheirBoundAlone() {
    note("byCode", new CacheSettings(Caffeine::newBuilder, BOUND, false));
    hear("byCode", "spec=maximumSize=5; max-staleness=10s");
    assertThat(lines()).isEmpty();

    hear("byCode", "spec=maximumSize=5; max-staleness=20s");

    assertThat(lines()).hasSize(1);
  }

  @Test
  void cachesThatThisNodeDoesNotHave_orThatAreLocalOnly_areNotCompared() {
    note("local", CacheSettings.ofSpec("maximumSize=7", BOUND, true));
    hear("local", "spec=maximumSize=5; max-staleness=20s");
    hear("orders", "spec=maximumSize=5; max-staleness=20s");

    assertThat(lines()).isEmpty();
  }

  @Test
  void otherSettings_areNotEndless() {
    for (int i = 0; i < 1000; i++) {
      hear("products", "spec=maximumSize=" + i + "; max-staleness=20s");
    }

    assertThat(lines()).hasSize(100);
  }

  private void note(String cache, CacheSettings of) {
    assertThat(settings.note(cache, of)).isSameAs(of);
  }

  private void hear(String cache, String theirs) {
    settings.settings("shop-2/a", Map.of(cache, theirs));
  }

  private List<String> lines() {
    return appender.list.stream()
        .map(event -> event.getLevel() + " " + event.getFormattedMessage())
        .toList();
  }
}

package io.github.cacheinvalidation.autoconfigure.internal.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.FillRefusal;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.KeyTypes;
import io.github.cacheinvalidation.internal.key.WireKey;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the parts of {@link Diagnosis} log, and how often. */
@Tag("G5")
class DiagnosisTest {

  private static final List<WireKey> TEXT = List.of(WireKey.text("seven"));

  private final Logger logger = (Logger) LoggerFactory.getLogger("test." + UUID.randomUUID());

  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

  private final NodeFacts facts = new NodeFacts("shop-1", "10s", () -> "pubsub");

  private final NodeLog log = new NodeLog(logger, facts);

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);

  private final KeyTypes numbers = new KeyTypes(List.of());

  @BeforeEach
  void collect() {
    logger.setLevel(Level.INFO);
    appender.start();
    logger.addAppender(appender);
    numbers.register(7L);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(appender);
  }

  @Test
  void eachLine_hasNodeAndChannel_forAPersonAndAsPairs() {
    log.warn("Something is {}", "wrong");

    ILoggingEvent event = appender.list.get(0);
    assertThat(event.getFormattedMessage())
        .isEqualTo("Something is wrong [node shop-1, channel none]");
    assertThat(event.getKeyValuePairs())
        .extracting(pair -> pair.key + "=" + pair.value)
        .containsExactly("node=shop-1", "channel=none");
  }

  @Test
  void factsOfTheNode_areOneSentence_whichLeavesOutWhatIsNotKnown() {
    assertThat(facts.sentence()).isEqualTo("Transport pubsub, staleness bound 10s, no caches yet");

    facts.counted(3);
    facts.cachesFrom(() -> Set.of("b", "a"));

    assertThat(facts.sentence())
        .isEqualTo(
            "Transport pubsub, 3 connections listen there, staleness bound 10s, caches [a, b]");
  }

  @Test
  void manyCaches_areNotAllNamed() {
    facts.cachesFrom(() -> IntStream.range(0, 500).mapToObj(i -> "cache" + i).toList());

    assertThat(facts.sentence()).contains("500 caches, such as [").hasSizeLessThan(400);
  }

  @Test
  void nodesThatWereThere_areMissedAfterAMinute_onceUntilTheyAreBack() {
    MissingNodes nodes = new MissingNodes(log, clock::get, null);
    nodes.counted(1);
    pass(Duration.ofHours(1));
    nodes.counted(1);
    nodes.counted(3);
    nodes.counted(1);
    pass(Duration.ofSeconds(59));
    nodes.counted(1);
    assertThat(lines()).isEmpty();

    pass(Duration.ofSeconds(1));
    nodes.counted(1);
    pass(Duration.ofSeconds(30));
    nodes.counted(1);
    nodes.counted(2);
    nodes.counted(2);

    assertThat(lines()).hasSize(2);
    assertThat(lines().get(0))
        .startsWith("WARN")
        .contains("3 connections did before", "set invalidation.expected-nodes to 1");
    assertThat(lines().get(1))
        .startsWith("INFO 2 connections listen to the channel again, after 90.0 s");
  }

  @Test
  void aDeployment_thatReplacesNodesWithinAMinute_isNotTold() {
    MissingNodes nodes = new MissingNodes(log, clock::get, null);
    for (int deployment = 0; deployment < 3; deployment++) {
      nodes.counted(2);
      nodes.counted(1);
      pass(Duration.ofSeconds(50));
    }
    nodes.counted(2);

    assertThat(lines()).isEmpty();
  }

  @Test
  void expectedNodes_areMissedAlthoughTheyNeverWereThere() {
    MissingNodes nodes = new MissingNodes(log, clock::get, 3);
    nodes.counted(2);
    pass(Duration.ofMinutes(1));
    nodes.counted(2);

    assertThat(lines()).hasSize(1);
    assertThat(lines().get(0))
        .contains("invalidation.expected-nodes is 3", "2 connection(s)", "Joined the channel");
  }

  @Test
  void aNodeThatMayBeAlone_isNotTold() {
    MissingNodes nodes = new MissingNodes(log, clock::get, 1);
    nodes.counted(5);
    nodes.counted(1);
    pass(Duration.ofHours(1));
    nodes.counted(1);

    assertThat(lines()).isEmpty();
  }

  @Test
  void twoMasters_areToldOnceWithTheRemedy() {
    TwoMastersHint hint = new TwoMastersHint(log);

    hint.twoMastersPossible();
    hint.twoMastersPossible();

    assertThat(lines()).hasSize(1);
    assertThat(lines().get(0))
        .startsWith("INFO Redis has replicas")
        .contains("min-replicas-to-write to 1");
  }

  @Test
  void aCacheThatIsNotAmongTheFixedOnes_isToldOnce() {
    MessageDefects defects = new MessageDefects(log, List.of("products"));
    defects.unknownCache("shop-2/a", "orders");
    defects.unknownCache("shop-2/a", "orders");
    defects.unknownCache(null, "products"); // it is local only
    defects.unknownCache(null, "a\nb" + "x".repeat(1000));

    assertThat(lines()).hasSize(2);
    assertThat(lines().get(0))
        .startsWith("WARN A message of node shop-2/a named cache 'orders'")
        .contains("spring.cache.cache-names", "[products]", "invalidation.channel");
    assertThat(lines().get(1))
        .contains("another program", "'a?bxxx")
        .doesNotContain("\n")
        .hasSizeLessThan(600);
  }

  @Test
  void aCacheThatWillBeCreatedAtItsFirstUse_isOnlyForDevelopers() {
    MessageDefects defects = new MessageDefects(log, List.of());
    defects.unknownCache("shop-2/a", "orders");
    assertThat(lines()).isEmpty();

    logger.setLevel(Level.DEBUG);
    defects.unknownCache("shop-2/a", "orders");

    assertThat(lines()).hasSize(1);
    assertThat(lines().get(0)).startsWith("DEBUG").contains("'orders'", "shop-2/a");
  }

  @Test
  void unknownCaches_areNotEndless() {
    MessageDefects defects = new MessageDefects(log, List.of("products"));
    for (int i = 0; i < 1000; i++) {
      defects.unknownCache(null, "cache" + i);
    }

    assertThat(lines()).hasSize(100);
  }

  @Test
  void keysOfAnotherType_areToldOnce_afterTenMessagesInARow() {
    MessageDefects defects = new MessageDefects(log, List.of());
    for (int i = 0; i < 9; i++) {
      defects.compared("shop-2/a", "products", TEXT, numbers, false);
    }
    assertThat(lines()).isEmpty();

    for (int i = 0; i < 9; i++) {
      defects.compared("shop-2/a", "products", TEXT, numbers, false);
    }

    assertThat(lines()).hasSize(1);
    assertThat(lines().get(0))
        .startsWith("WARN 10 messages in a row")
        .contains("'products'", "shop-2/a", "a text", "java.lang.Long", "another name")
        .doesNotContain("seven");
  }

  @Test
  void keysOfSeveralTypes_ofWhichThisNodeUsesOne_areNotTold() {
    MessageDefects defects = new MessageDefects(log, List.of());
    for (int i = 0; i < 100; i++) {
      defects.compared(null, "products", TEXT, numbers, i % 5 == 0);
      defects.compared(null, "unused", TEXT, new KeyTypes(List.of()), false);
    }

    assertThat(lines()).isEmpty();
  }

  @Test
  void aClearForAnUnknownClassOfKeys_isToldOnceForEachCache() {
    MessageDefects defects = new MessageDefects(log, List.of());
    defects.cleared("products", ClearReason.UNKNOWN_KEY_TYPE);
    defects.cleared("products", ClearReason.UNKNOWN_KEY_TYPE);
    defects.cleared("products", ClearReason.REQUESTED);
    defects.cleared("orders", ClearReason.UNKNOWN_KEY_TYPE);

    assertThat(lines()).hasSize(2);
    assertThat(lines().get(0)).startsWith("WARN Cache 'products'").contains("Two versions");
  }

  @Test
  void manyRefusedFillsUnderOpenInView_areToldOnceWithTheProperty() {
    OpenInViewHint hint = new OpenInViewHint(log, clock::get, () -> true);
    for (int i = 0; i < 500; i++) {
      hint.fillRefused("products", FillRefusal.TRANSACTION);
      hint.fillRefused("products", FillRefusal.INVALIDATED);
    }

    assertThat(lines()).hasSize(1);
    assertThat(lines().get(0)).startsWith("WARN").contains("spring.jpa.open-in-view", "'products'");
  }

  @Test
  void fewRefusedFills_andManyWithoutOpenInView_areNotTold() {
    OpenInViewHint few = new OpenInViewHint(log, clock::get, () -> true);
    for (int i = 0; i < 500; i++) {
      few.fillRefused("products", FillRefusal.INVALIDATED);
      pass(Duration.ofSeconds(1));
    }
    AtomicBoolean asked = new AtomicBoolean();
    OpenInViewHint without = new OpenInViewHint(log, clock::get, () -> asked.getAndSet(true));
    for (int i = 0; i < 500; i++) {
      without.fillRefused("products", FillRefusal.INVALIDATED);
    }

    assertThat(lines()).isEmpty();
    assertThat(asked).isTrue();
  }

  @Test
  void messages_areForDevelopers_withABoundedNumberOfKeys() {
    MessageDebug messages = new MessageDebug(log);
    Invalidation.OfCache<Object> keys = new Invalidation.Keys<>("products", Set.of(new Broken()));
    messages.accepted(List.of(keys));
    assertThat(lines()).isEmpty();

    logger.setLevel(Level.DEBUG);
    messages.accepted(List.of(keys, new Invalidation.Whole<>("orders")));
    messages.evicted(
        "shop-2/a",
        "products",
        IntStream.range(0, 500).mapToObj(i -> WireKey.text("k" + i)).toList(),
        500,
        3);
    messages.cleared(null, "orders", 4);

    assertThat(lines()).hasSize(4).allMatch(line -> line.startsWith("DEBUG"));
    assertThat(lines().get(0)).contains("Published: keys of cache 'products'", "throws");
    assertThat(lines().get(1)).contains("Published: all of cache 'orders'");
    assertThat(lines().get(2))
        .contains("Applied: keys of cache 'products': [k0, k1,", "k9, and 490 more]; 3 entries")
        .contains("sender shop-2/a");
    assertThat(lines().get(3)).contains("all of cache 'orders'; 4 entries", "another program");
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  private List<String> lines() {
    return appender.list.stream()
        .map(event -> event.getLevel() + " " + event.getFormattedMessage())
        .toList();
  }

  /** A key of an application with a defect. */
  private static final class Broken {

    @Override
    public String toString() {
      throw new IllegalStateException("no text");
    }
  }
}

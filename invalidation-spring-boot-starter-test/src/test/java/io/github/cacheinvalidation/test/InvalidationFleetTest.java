package io.github.cacheinvalidation.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.KeyCodec;
import io.github.cacheinvalidation.NodeStatus.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.cache.CacheManager;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

class InvalidationFleetTest {

  @Test
  void nodes_haveJoinedWhenTheFleetIsStarted() {
    try (InvalidationFleet fleet = Names.fleet(3)) {
      assertThat(fleet.nodes())
          .extracting(FleetNode::name)
          .containsExactly("node-0", "node-1", "node-2");
      assertThat(fleet.nodes()).allMatch(node -> node.status().isJoined());
      fleet.awaitCoherent();
      assertThat(fleet.nodes())
          .extracting(node -> node.status().state())
          .containsOnly(State.COHERENT);
    }
  }

  @Test
  void nodes_haveBeansOfTheirOwn() {
    try (InvalidationFleet fleet = Names.fleet(2)) {
      assertThat(fleet.node(0).bean(Names.class)).isNotSameAs(fleet.node(1).bean(Names.class));
    }
  }

  @Test
  void write_evictsOnTheOtherNodes() {
    Names.store(1, "old");
    try (InvalidationFleet fleet = Names.fleet(3)) {
      fleet.assertEveryNode(node -> node.bean(Names.class).read(1)).returns("old");

      fleet.node(1).bean(Names.class).write(1, "new");
      fleet.awaitCoherent();

      assertThat(fleet.nodes())
          .extracting(node -> node.bean(Names.class).read(1))
          .containsOnly("new");
    }
  }

  /** The fleet has one channel for all caches. */
  @Test
  void cacheWithAChannelOfItsOwn_isEvictedOnTheOtherNodes() {
    Names.store(1, "old");
    try (InvalidationFleet fleet = Names.fleet(2, "invalidation.caches.names.channel=names")) {
      fleet.assertEveryNode(node -> node.bean(Names.class).read(1)).returns("old");

      fleet.node(1).bean(Names.class).write(1, "new");
      fleet.awaitCoherent();

      assertThat(fleet.node(0).bean(Names.class).read(1)).isEqualTo("new");
    }
  }

  @Test
  void writeThatIsNotPublishedYet_isWaitedFor() {
    try (InvalidationFleet fleet =
        InvalidationFleet.of(2, SlowKeys.class, "spring.main.web-application-type=none")) {
      fleet.node(0).bean(CacheInvalidator.class).evict("names", new SlowKeys.Key());

      assertThatExceptionOfType(AssertionError.class)
          .isThrownBy(() -> fleet.awaitCoherent(Duration.ofMillis(300)));
      SlowKeys.ENCODED.countDown();
      fleet.awaitCoherent();
    }
  }

  @Test
  void twoFleets_doNotHearOfEachOther() {
    Names.store(1, "old");
    try (InvalidationFleet fleet = Names.fleet(1);
        InvalidationFleet other = Names.fleet(1)) {
      assertThat(other.node(0).bean(Names.class).read(1)).isEqualTo("old");

      fleet.node(0).bean(Names.class).write(1, "new");
      fleet.awaitCoherent();
      other.awaitCoherent();

      assertThat(other.node(0).bean(Names.class).read(1)).isEqualTo("old");
    }
  }

  @Test
  void properties_applyToEveryNodeBeforeItsProfilesAreChosen() {
    try (InvalidationFleet fleet =
        Names.fleet(
            2,
            "spring.profiles.active=several",
            "spring.cache.cache-names=names",
            "of.both=taken")) {
      assertThat(fleet.nodes())
          .allSatisfy(
              node -> {
                Environment environment = node.context().getEnvironment();
                assertThat(environment.getActiveProfiles()).containsExactly("several");
                assertThat(environment.getProperty("of.the.profile")).isEqualTo("read");
                assertThat(environment.getProperty("of.both")).isEqualTo("taken");
                assertThat(environment.getProperty("invalidation.node-name"))
                    .isEqualTo(node.name());
                assertThat(node.bean(CacheManager.class).getCacheNames()).containsExactly("names");
              });
    }
  }

  @Test
  void checkIntervalOfTheApplication_isKept() {
    try (InvalidationFleet fleet = Names.fleet(1, "invalidation.check-interval=70ms")) {
      assertThat(
              fleet.node(0).context().getEnvironment().getProperty("invalidation.check-interval"))
          .isEqualTo("70ms");
    }
  }

  @Test
  void close_closesEveryContext_andMayBeRepeated() {
    InvalidationFleet fleet = Names.fleet(2);
    List<ApplicationContext> contexts = fleet.nodes().stream().map(FleetNode::context).toList();

    fleet.close();
    fleet.close();

    assertThat(contexts)
        .noneMatch(context -> ((ConfigurableApplicationContext) context).isActive());
  }

  @Test
  void reset_endsFaultsAndEmptiesTheCaches() {
    Names.store(1, "old");
    try (InvalidationFleet fleet = Names.fleet(2)) {
      fleet.assertEveryNode(node -> node.bean(Names.class).read(1)).returns("old");
      fleet.node(0).cutOff();
      fleet.node(1).dropMessages(3);
      fleet.node(1).holdMessages();

      fleet.reset();

      assertThat(fleet.nodes())
          .extracting(node -> node.status().state())
          .containsOnly(State.COHERENT);
      Names.store(1, "past the caches");
      assertThat(fleet.nodes())
          .extracting(node -> node.bean(Names.class).read(1))
          .containsOnly("past the caches");
      fleet.node(0).bean(Names.class).write(1, "new");
      fleet.awaitCoherent();
      assertThat(fleet.node(1).bean(Names.class).read(1)).isEqualTo("new");
    }
  }

  @Test
  void nodeThatTheTestCloses_isWaitedForNoMore() {
    Names.store(1, "old");
    try (InvalidationFleet fleet = Names.fleet(3)) {
      fleet.node(0).cutOff();
      ((ConfigurableApplicationContext) fleet.node(1).context()).close();

      fleet.reset();

      fleet.assertEveryNode(node -> node.bean(Names.class).read(1)).returns("old");
      fleet.node(0).bean(Names.class).write(1, "new");
      fleet.awaitCoherent();
      assertThat(fleet.node(2).bean(Names.class).read(1)).isEqualTo("new");
    }
  }

  @Test
  void nodeThatCannotStart_isNamed_andTheOthersAreClosed() {
    List<ConfigurableApplicationContext> started = FailingSecond.STARTED;
    started.clear();

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                InvalidationFleet.of(
                    3, FailingSecond.class, "spring.main.web-application-type=none"))
        .withMessage("node-1 of 3 nodes could not be started")
        .havingRootCause()
        .withMessage("Planted");
    assertThat(started).hasSize(2).noneMatch(ConfigurableApplicationContext::isActive);
  }

  @Test
  void applicationWithoutTheStarter_isRefusedWithTheReason() {
    assertThatIllegalStateException()
        .isThrownBy(
            () -> InvalidationFleet.of(1, Nothing.class, "spring.main.web-application-type=none"))
        .withMessageContaining("node-0 has no InvalidationNode bean")
        .withMessageContaining("@SpringBootTest");
  }

  @Test
  void nodeThatIsDisabled_isRefusedWithTheProperty() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Names.fleet(1, "invalidation.enabled=false"))
        .withMessageContaining("Remove invalidation.enabled=false");
  }

  @Test
  void badArguments_areRefusedWithTheirValue() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Names.fleet(0))
        .withMessage("'nodes' must be at least 1 but was 0. Two nodes show most faults");
    try (InvalidationFleet fleet = Names.fleet(2)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> fleet.node(2))
          .withMessage("'index' must be from 0 to 1 but was 2");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> fleet.node(0).dropMessages(-1))
          .withMessage("'count' must not be negative but was -1");
    }
  }

  /** Writes keys that take long to encode. */
  @Configuration(proxyBeanMethods = false)
  @Import(Names.Application.class)
  static class SlowKeys {

    static final CountDownLatch ENCODED = new CountDownLatch(1);

    @Bean
    KeyCodec<Key> codec() {
      return KeyCodec.of("slow", Key.class, SlowKeys::encode, text -> new Key());
    }

    private static String encode(Key key) {
      try {
        assertThat(ENCODED.await(60, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
      return key.toString();
    }

    record Key() {}
  }

  /** Nothing but itself. */
  @Configuration(proxyBeanMethods = false)
  static class Nothing {}

  /** Its second context does not start. */
  @Configuration(proxyBeanMethods = false)
  @Import(Names.Application.class)
  static class FailingSecond {

    static final List<ConfigurableApplicationContext> STARTED = new ArrayList<>();

    @Bean
    Object planted(ConfigurableApplicationContext context) {
      STARTED.add(context);
      if (STARTED.size() == 2) {
        throw new IllegalStateException("Planted");
      }
      return new Object();
    }
  }
}

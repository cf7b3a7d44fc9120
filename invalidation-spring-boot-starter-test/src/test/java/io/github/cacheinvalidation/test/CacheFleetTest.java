package io.github.cacheinvalidation.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.NodeStatus.State;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.ContextHierarchy;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

class CacheFleetTest {

  /** The contexts that samples have seen. */
  private static final List<ApplicationContext> SEEN = new ArrayList<>();

  @BeforeEach
  void forget() {
    SEEN.clear();
  }

  @Test
  void contextOfTheTest_isTheFirstNode_andTheOthersHaveTheSameConfiguration() {
    Samples.pass(SameConfiguration.class);
  }

  @Test
  void faultsAndEntries_endWithTheTestMethod() {
    Samples.pass(TwoMethods.class);
  }

  @Test
  void nestedClass_hasTheFleetOfItsOuterClass() {
    Samples.pass(Outer.class);
  }

  @Test
  void mock_belongsToItsNode() {
    Samples.pass(Mocked.class);
  }

  @Test
  void record_belongsToItsNode() {
    Samples.pass(Recorded.class);
  }

  @Test
  void dirtyContext_closesTheOtherNodesToo() {
    Samples.pass(Dirty.class);

    assertThat(SEEN).hasSize(2).noneMatch(CacheFleetTest::isActive);
  }

  @Test
  void pausedContext_pausesTheOtherNodes_andRestartsThem() {
    Samples.pass(PausedFirst.class, PausedMeanwhile.class, PausedAgain.class);

    assertThat(SEEN).hasSize(4);
    assertThat(SEEN.subList(2, 4)).isEqualTo(SEEN.subList(0, 2));
  }

  @Test
  void contextWithoutTheStarter_failsWithTheRemedy() {
    assertThat(Samples.failureOf(WithoutStarter.class))
        .contains("node-0 has no InvalidationNode bean", "as @SpringBootTest does");
  }

  @Test
  void contextHierarchy_failsWithTheRemedy() {
    assertThat(Samples.failureOf(Hierarchy.class))
        .contains("does not support @ContextHierarchy", "InvalidationFleet.of");
  }

  private static boolean isActive(ApplicationContext context) {
    return ((ConfigurableApplicationContext) context).isActive();
  }

  private static boolean isRunning(ApplicationContext context) {
    return ((ConfigurableApplicationContext) context).isRunning();
  }

  @SpringBootTest(
      classes = Names.Application.class,
      webEnvironment = WebEnvironment.NONE,
      properties = "inlined=set")
  @ActiveProfiles("several")
  @CacheFleet(nodes = 3)
  static class SameConfiguration {

    @Autowired ApplicationContext own;

    @DynamicPropertySource
    static void dynamic(DynamicPropertyRegistry registry) {
      registry.add("dynamic", () -> "set");
    }

    @Test
    void configuration(@Autowired InvalidationFleet fleet) {
      assertThat(fleet.nodes()).hasSize(3);
      assertThat(fleet.node(0).context()).isSameAs(own);
      assertThat(fleet.nodes()).extracting(node -> node.context()).doesNotHaveDuplicates();
      assertThat(fleet.nodes())
          .allSatisfy(
              node -> {
                Environment environment = node.context().getEnvironment();
                assertThat(environment.getProperty("inlined")).isEqualTo("set");
                assertThat(environment.getProperty("dynamic")).isEqualTo("set");
                assertThat(environment.getProperty("of.the.profile")).isEqualTo("read");
              });
    }

    @Test
    void write(@Autowired InvalidationFleet fleet, @Autowired Names names) {
      names.write(1, "old");
      fleet.assertEveryNode(node -> node.bean(Names.class).read(1)).returns("old");

      names.write(1, "new");
      fleet.awaitCoherent();

      assertThat(fleet.nodes())
          .extracting(node -> node.bean(Names.class).read(1))
          .containsOnly("new");
    }
  }

  @SpringBootTest(classes = Names.Application.class, webEnvironment = WebEnvironment.NONE)
  @CacheFleet
  static class TwoMethods {

    @Autowired InvalidationFleet fleet;

    @Test
    void first() {
      Names.store(1, "first");
      fleet.assertEveryNode(node -> node.bean(Names.class).read(1)).returns("first");
      fleet.node(0).cutOff();
      fleet.node(1).fork();
      fleet.node(1).holdMessages();
      Names.store(1, "second");
    }

    @Test
    void second() {
      assertThat(fleet.nodes())
          .extracting(node -> node.bean(Names.class).read(1))
          .containsOnly("second");
      assertThat(fleet.nodes())
          .extracting(node -> node.status().state())
          .containsOnly(State.COHERENT);
    }
  }

  @SpringBootTest(classes = Names.Application.class, webEnvironment = WebEnvironment.NONE)
  @CacheFleet
  static class Outer {

    @Nested
    class Inner {

      @Test
      void fleet(@Autowired InvalidationFleet fleet) {
        assertThat(fleet.nodes()).hasSize(2);
      }
    }
  }

  @SpringBootTest(classes = Names.Application.class, webEnvironment = WebEnvironment.NONE)
  @CacheFleet
  static class Mocked {

    @Autowired InvalidationFleet fleet;

    @MockitoBean Names names;

    @Test
    void mocks() {
      Names other = fleet.node(1).bean(Names.class);
      Mockito.when(names.read(1)).thenReturn("of node 0");
      Mockito.when(other.read(1)).thenReturn("of node 1");

      assertThat(fleet.node(0).bean(Names.class).read(1)).isEqualTo("of node 0");
      assertThat(other.read(1)).isEqualTo("of node 1");
    }
  }

  @SpringBootTest(classes = Names.Application.class, webEnvironment = WebEnvironment.NONE)
  @CacheFleet
  @RecordInvalidations
  static class Recorded {

    @Autowired InvalidationFleet fleet;

    @Autowired RecordedInvalidations invalidations;

    @Test
    void first() {
      fleet.node(1).bean(Names.class).write(1, "new");
      fleet.awaitCoherent();

      assertThat(invalidations).isEmpty();
      assertThat(fleet.node(1).bean(RecordedInvalidations.class)).hasEvicted("names", 1L);
    }

    @Test
    void second() {
      assertThat(fleet.node(1).bean(RecordedInvalidations.class)).isEmpty();
    }
  }

  @SpringBootTest(classes = Names.Application.class, webEnvironment = WebEnvironment.NONE)
  @CacheFleet
  @DirtiesContext
  static class Dirty {

    @Test
    void contexts(@Autowired InvalidationFleet fleet) {
      fleet.nodes().forEach(node -> SEEN.add(node.context()));
    }
  }

  @SpringBootTest(
      classes = Names.Application.class,
      webEnvironment = WebEnvironment.NONE,
      properties = "sample=paused")
  @CacheFleet
  static class PausedFirst {

    @Test
    void contexts(@Autowired InvalidationFleet fleet) {
      fleet.nodes().forEach(node -> SEEN.add(node.context()));
      Names.store(1, "before");
      fleet.assertEveryNode(node -> node.bean(Names.class).read(1)).returns("before");
    }
  }

  @SpringJUnitConfig(InvalidationFleetTest.Nothing.class)
  static class PausedMeanwhile {

    @Test
    void nodes(@Autowired ApplicationContext own) {
      assertThat(own).isNotIn(SEEN);
      assertThat(SEEN).hasSize(2).noneMatch(CacheFleetTest::isRunning);
      assertThat(SEEN).allMatch(CacheFleetTest::isActive);
      Names.store(1, "after");
    }
  }

  static class PausedAgain extends PausedFirst {

    @Test
    @Override
    void contexts(@Autowired InvalidationFleet fleet) {
      fleet.nodes().forEach(node -> SEEN.add(node.context()));
      assertThat(SEEN).allMatch(CacheFleetTest::isRunning);
      fleet.awaitCoherent();
      assertThat(fleet.nodes())
          .extracting(node -> node.bean(Names.class).read(1))
          .containsOnly("after");
      fleet.node(0).bean(Names.class).write(1, "new");
      fleet.awaitCoherent();
      assertThat(fleet.node(1).bean(Names.class).read(1)).isEqualTo("new");
    }
  }

  @SpringJUnitConfig(InvalidationFleetTest.Nothing.class)
  @CacheFleet
  static class WithoutStarter {

    @Test
    void never() {}
  }

  @SpringJUnitConfig
  @ContextHierarchy({
    @ContextConfiguration(classes = InvalidationFleetTest.Nothing.class),
    @ContextConfiguration(classes = Names.Application.class)
  })
  @CacheFleet
  static class Hierarchy {

    @Test
    void never() {}
  }
}

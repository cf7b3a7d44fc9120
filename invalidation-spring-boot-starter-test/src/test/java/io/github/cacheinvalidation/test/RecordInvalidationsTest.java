package io.github.cacheinvalidation.test;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

class RecordInvalidationsTest {

  @Test
  void testMethod_beginsWithAnEmptyRecord() {
    Samples.pass(TwoMethods.class);
  }

  @Test
  void nestedClass_recordsAsItsOuterClass() {
    Samples.pass(Outer.class);
  }

  @Test
  void application_worksWithoutRedis() {
    Samples.pass(WithoutRedis.class);
  }

  @Test
  void contextWithoutTheStarter_failsWithTheRemedy() {
    assertThat(Samples.failureOf(WithoutStarter.class))
        .contains("would record nothing", "no InvalidationNode bean", "as @SpringBootTest does");
  }

  @Test
  void inactiveStarter_failsWithTheRemedy() {
    assertThat(Samples.failureOf(Inactive.class))
        .contains("would record nothing", "the starter is inactive and the log says why");
  }

  @SpringBootTest(classes = Names.Application.class, webEnvironment = WebEnvironment.NONE)
  @RecordInvalidations
  static class TwoMethods {

    @Autowired Names names;

    @Autowired RecordedInvalidations invalidations;

    @BeforeEach
    void prepare() {
      names.write(1, "prepared");
    }

    @Test
    void first() {
      assertThat(invalidations).isEmpty();
      names.write(2, "new");
      assertThat(invalidations).hasOnlyEvicted("names", 2L);
    }

    @Test
    void second() {
      assertThat(invalidations).isEmpty();
    }
  }

  @SpringBootTest(classes = Names.Application.class, webEnvironment = WebEnvironment.NONE)
  @RecordInvalidations
  static class Outer {

    @Nested
    class Inner {

      @Test
      void write(@Autowired Names names, @Autowired RecordedInvalidations invalidations) {
        names.write(2, "new");

        assertThat(invalidations).hasOnlyEvicted("names", 2L);
      }
    }
  }

  @SpringBootTest(
      classes = RedisNames.class,
      webEnvironment = WebEnvironment.NONE,
      properties = {"invalidation.transport=pubsub", "spring.data.redis.port=1"})
  @RecordInvalidations
  static class WithoutRedis {

    @Test
    void write(@Autowired Names names, @Autowired RecordedInvalidations invalidations) {
      names.write(2, "new");

      assertThat(invalidations).hasOnlyEvicted("names", 2L);
    }
  }

  @SpringJUnitConfig(InvalidationFleetTest.Nothing.class)
  @RecordInvalidations
  static class WithoutStarter {

    @Test
    void never() {}
  }

  @SpringBootTest(
      classes = Names.Application.class,
      webEnvironment = WebEnvironment.NONE,
      properties = "spring.cache.type=none")
  @RecordInvalidations
  static class Inactive {

    @Test
    void never() {}
  }
}

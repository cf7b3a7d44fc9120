package io.github.cacheinvalidation.test;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;

import io.github.cacheinvalidation.CacheInvalidator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.concurrent.ConcurrentMapCache;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;

/** Mocks and spies in tests of applications with the starter. */
class MockedBeansTest {

  @BeforeEach
  void store() {
    Names.store(1, "old");
  }

  @Nested
  @SpringBootTest(classes = Names.Application.class, webEnvironment = WebEnvironment.NONE)
  class MockedManager {

    @MockitoBean CacheManager caches;

    @Test
    void cachedMethod_usesTheCachesOfTheMock(@Autowired Names names) {
      Cache cache = new ConcurrentMapCache("names");
      given(caches.getCache("names")).willReturn(cache);

      assertThat(names.read(1)).isEqualTo("old");

      assertThat(cache.get(1L, String.class)).isEqualTo("old");
    }
  }

  @Nested
  @SpringBootTest(classes = Names.Application.class, webEnvironment = WebEnvironment.NONE)
  class MockedInvalidator {

    @MockitoBean CacheInvalidator invalidator;

    @Test
    void mock_isTold(@Autowired CacheInvalidator injected) {
      injected.evict("names", 1L);

      then(invalidator).should().evict("names", 1L);
    }
  }

  @Nested
  @SpringBootTest(classes = Names.Application.class, webEnvironment = WebEnvironment.NONE)
  @RecordInvalidations
  class Spies {

    @MockitoSpyBean CacheManager caches;

    @MockitoSpyBean Names spied;

    @Autowired Names names;

    @Autowired RecordedInvalidations invalidations;

    @Test
    void cachedMethodOfASpy_isCalledOnceAndEvicts() {
      assertThat(names.read(1)).isEqualTo("old");
      assertThat(names.read(1)).isEqualTo("old");
      then(spied).should(times(1)).read(1);

      names.write(1, "new");

      assertThat(invalidations).hasOnlyEvicted("names", 1L);
      assertThat(names.read(1)).isEqualTo("new");
      then(spied).should(times(2)).read(1);
    }

    @Test
    void managerThatIsASpy_answers() {
      assertThat(caches.getCache("names")).isNotNull();

      then(caches).should().getCache("names");
      then(spied).should(never()).write(any(Long.class), any());
    }
  }

  @Nested
  @SpringBootTest(classes = Names.Application.class, webEnvironment = WebEnvironment.NONE)
  class SpiedManager {

    @MockitoSpyBean CacheManager caches;

    @Autowired Names names;

    @BeforeEach
    void empty() {
      caches.resetCaches();
    }

    @RepeatedTest(2) // the context is the same, and remembers nothing of the first test
    void managerThatIsASpy_isAskedByEachCallOfACachedMethod() {
      names.read(1);
      names.read(1);

      then(caches).should(times(2)).getCache("names");
    }

    @Test
    void managerThatIsASpy_canBeStubbedAfterACachedMethodWasCalled() {
      names.read(1);
      Cache cache = new ConcurrentMapCache("names");
      given(caches.getCache("names")).willReturn(cache);

      assertThat(names.read(1)).isEqualTo("old");

      assertThat(cache.get(1L, String.class)).isEqualTo("old");
    }

    @Test
    void managerThatIsASpy_showsTheCachesOfTheNode() {
      names.read(1);
      assertThat(cache().get(1L, String.class)).isEqualTo("old");

      names.write(1, "new");

      assertThat(cache().get(1L)).isNull();
      names.read(1);
      caches.resetCaches();
      assertThat(cache().get(1L)).isNull();
    }

    private Cache cache() {
      return requireNonNull(caches.getCache("names"));
    }
  }
}

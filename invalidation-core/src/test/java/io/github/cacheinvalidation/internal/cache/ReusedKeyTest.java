package io.github.cacheinvalidation.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.SimpleKey;

/** Callers that use the list of a key again, as batches do, while it waits to be published. */
@Tag("G5")
class ReusedKeyTest {

  private final TestCaches caches = TestCaches.create();

  private final List<Object> list = new ArrayList<>(Arrays.asList(1L, 2L, null));

  private enum Write {
    EVICT,
    EVICT_IF_PRESENT,
    EVICT_ALL,
    PUT,
    PUT_IF_ABSENT
  }

  private void write(Write write, Object key) {
    CoherentCache cache = caches.coherent("prices");
    switch (write) {
      case EVICT -> cache.evict(key);
      case EVICT_IF_PRESENT -> cache.evictIfPresent(key);
      case EVICT_ALL -> cache.evictAll(Set.of(key));
      case PUT -> cache.put(key, 10);
      case PUT_IF_ABSENT -> cache.putIfAbsent(key, 10);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aListThatIsChangedAfterTheWrite_isPublishedAsItWas(Write write) {
    write(write, list);

    list.clear();

    assertThat(caches.published()).containsExactly("{\"prices\":[[1,2,null]]}");
  }

  @Test
  void listsInsideAKey_areKeptAsTheyWere() {
    write(Write.EVICT, new SimpleKey("a", List.of(list)));

    list.set(0, 9L);

    assertThat(caches.published()).containsExactly("{\"prices\":[{\"key\":[\"a\",[[1,2,null]]]}]}");
  }

  @Test
  void listsInsideAKeyInsideAKey_areKeptAsTheyWere() {
    write(Write.EVICT, new SimpleKey("a", new SimpleKey("b", list)));

    list.set(0, 9L);

    assertThat(caches.published())
        .containsExactly("{\"prices\":[{\"key\":[\"a\",{\"key\":[\"b\",[1,2,null]]}]}]}");
  }

  @Test
  void otherCollectionsInsideAKey_areKeptAsTheyWere() {
    Set<Object> set = new HashSet<>(List.of(list));
    Map<Object, Object> map = new HashMap<>(Map.of("m", list));
    Map.Entry<Object, Object> entry = new SimpleEntry<>("e", list);
    byte[] bytes = {1, 2};
    Object[] array = {new long[] {1}, list};
    write(Write.EVICT, new SimpleKey(set, map, entry, bytes, array));

    list.clear();
    set.clear();
    map.clear();
    entry.setValue(1L);
    bytes[0] = 9;
    ((long[]) array[0])[0] = 9;
    array[1] = "x";

    assertThat(caches.published())
        .containsExactly(
            """
            {"prices":[{"key":[{"set":[[1,2,null]]},{"map":[["m",[1,2,null]]]},\
            {"entry":["e",[1,2,null]]},{"bytes":"AQI="},{"array":[{"array":[1]},[1,2,null]]}]}]}\
            """);
  }

  @ParameterizedTest
  @EnumSource
  void aSetOrMapThatIsChangedAfterTheWrite_isPublishedAsItWas(Write write) {
    Set<Object> set = new HashSet<>(Set.of(1L));
    Map<Object, Object> map = new HashMap<>(Map.of(1L, set));
    write(write, set);
    write(write, map);

    map.clear();
    set.clear();

    assertThat(caches.published())
        .containsExactly("{\"prices\":[{\"set\":[1]},{\"map\":[[1,{\"set\":[1]}]]}]}");
  }

  @Test
  void anArrayThatCannotHoldTheCopyOfItsElement_keepsTheElement() {
    ArrayList<?>[] lists = {new ArrayList<>(List.of(1L))};

    write(Write.EVICT, new SimpleKey((Object) lists));

    assertThat(caches.published()).containsExactly("{\"prices\":\"*\"}");
  }

  /** Equal to its own kind of the same tenant alone, although a plain list finds it equal. */
  private static final class TenantKey extends ArrayList<Object> {

    private static final long serialVersionUID = 1L;

    private final String tenant;

    TenantKey(String tenant, Object part) {
      super(List.of(part));
      this.tenant = tenant;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof TenantKey key && key.tenant.equals(tenant) && super.equals(other);
    }

    @Override
    public int hashCode() {
      return super.hashCode();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EVICT", "EVICT_IF_PRESENT", "EVICT_ALL"})
  void aListWithAnEqualityOfItsOwn_isEvicted_andStandsForTheWholeCache(Write write) {
    Cache cache = caches.cache("prices");
    for (Object key : List.of(new TenantKey("a", 1L), new SimpleKey(new TenantKey("a", 1L)))) {
      cache.get(key, () -> "old");

      write(write, key);

      assertThat(cache.get(key)).isNull();
      assertThat(caches.published()).containsExactly("{\"prices\":\"*\"}");
    }
  }

  @Test
  void aListWithAnEqualityOfItsOwn_isPutUnderItself() {
    write(Write.PUT, new TenantKey("a", 1L));

    assertThat(caches.cache("prices").get(new TenantKey("a", 1L), Integer.class)).isEqualTo(10);
    assertThat(caches.cache("prices").get(new TenantKey("b", 1L))).isNull();
    assertThat(caches.published()).containsExactly("{\"prices\":\"*\"}");
  }

  @Test
  void aKeyWithoutLists_isNotCopied() {
    SimpleKey key = new SimpleKey("a", 1L);

    assertThat(caches.coherent("prices").types().lasting(key)).isSameAs(key);
    assertThat(caches.coherent("prices").types().lasting("a")).isEqualTo("a");
  }
}

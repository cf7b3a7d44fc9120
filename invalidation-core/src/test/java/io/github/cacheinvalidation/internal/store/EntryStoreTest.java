package io.github.cacheinvalidation.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.FillRefusal;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.fence.RecentInvalidations;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("G1")
class EntryStoreTest {

  private final List<CacheState> retired = new ArrayList<>();

  private final List<ClearReason> clears = new ArrayList<>();

  private final EntryStore store =
      new EntryStore(
          () -> Caffeine.newBuilder().build(),
          new LogicalClock(),
          new RecentInvalidations(),
          new CoherenceWatermark(0),
          () -> 0,
          () -> CacheState.UNLIMITED,
          retired::add,
          clears::add);

  @Test
  void fill_isFoundByLookup() {
    assertThat(store.fill("key", "value", store.stamp())).isNull();
    assertThat(store.lookup("key")).isEqualTo("value");
  }

  @Test
  void evict_ofAPresentKey_removesTheEntryAndReturnsTrue() {
    store.fill("key", "value", store.stamp());
    assertThat(store.evict("key")).isTrue();
    assertThat(store.evict("key")).isFalse();
    assertThat(store.lookup("key")).isNull();
  }

  @Test
  void fill_afterAnEvictionSinceItsStamp_isRefused() {
    long stamp = store.stamp();
    store.evict("key");
    assertThat(store.isFillable("key", stamp)).isFalse();
    assertThat(store.fill("key", "old", stamp)).isEqualTo(FillRefusal.INVALIDATED);
    assertThat(store.lookup("key")).isNull();
  }

  @Test
  void fill_afterAnEvictionOfAnotherKey_isStored() {
    long stamp = store.stamp();
    store.evict("other");
    assertThat(store.fill("key", "value", stamp)).isNull();
  }

  @Test
  void fill_refused_leavesTheExistingEntry() {
    long stamp = store.stamp();
    store.evict("key");
    store.fill("key", "new", store.stamp());
    assertThat(store.fill("key", "old", stamp)).isEqualTo(FillRefusal.INVALIDATED);
    assertThat(store.lookup("key")).isEqualTo("new");
  }

  @Tag("G1.3")
  @Test
  void fill_afterAClearSinceItsStamp_isRefused() {
    long stamp = store.stamp();
    store.clear();
    assertThat(store.isFillable("key", stamp)).isFalse();
    assertThat(store.fill("key", "old", stamp)).isEqualTo(FillRefusal.CLEARED);
    assertThat(store.lookup("key")).isNull();
  }

  @Test
  void fill_afterAPutSinceItsStamp_isRefused() {
    long stamp = store.stamp();
    store.put("key", "put");
    assertThat(store.fill("key", "old", stamp)).isEqualTo(FillRefusal.INVALIDATED);
    assertThat(store.lookup("key")).isEqualTo("put");
  }

  @Test
  void fill_afterPutIfAbsentSinceItsStamp_isRefused() {
    long stamp = store.stamp();
    assertThat(store.putIfAbsent("key", "put")).isNull();
    assertThat(store.fill("key", "old", stamp)).isEqualTo(FillRefusal.INVALIDATED);
    assertThat(store.lookup("key")).isEqualTo("put");
  }

  @Test
  void putIfAbsent_ofAPresentKey_returnsItsValueAndRefusesNoLoad() {
    store.put("key", "present");
    long stamp = store.stamp();
    assertThat(store.putIfAbsent("key", "late")).isEqualTo("present");
    assertThat(store.lookup("key")).isEqualTo("present");
    assertThat(store.isFillable("key", stamp)).isTrue();
  }

  @Test
  void putUnlessNewer_withNothingSince_storesAndRefusesEarlierLoads() {
    long stamp = store.stamp();
    assertThat(store.putUnlessNewer("key", "written", stamp)).isTrue();
    assertThat(store.fill("key", "old", stamp)).isEqualTo(FillRefusal.INVALIDATED);
    assertThat(store.lookup("key")).isEqualTo("written");
  }

  @Test
  void putUnlessNewer_afterAnEviction_evicts() {
    long stamp = store.stamp();
    store.evict("key");
    store.fill("key", "loaded since", store.stamp());
    assertThat(store.putUnlessNewer("key", "which is newer?", stamp)).isFalse();
    assertThat(store.lookup("key")).isNull();
  }

  @Test
  void putUnlessNewer_afterAnotherThatBeganLater_evicts() {
    long first = store.stamp();
    long second = store.stamp();
    assertThat(store.putUnlessNewer("key", "second", second)).isTrue();
    assertThat(store.putUnlessNewer("key", "first", first)).isFalse();
    assertThat(store.lookup("key")).isNull();
  }

  @Test
  void putUnlessNewer_afterAClear_evicts() {
    long stamp = store.stamp();
    store.clear();
    assertThat(store.putUnlessNewer("key", "written", stamp)).isFalse();
    assertThat(store.lookup("key")).isNull();
  }

  @Test
  void putUnlessNewer_thatOnlyEvicts_refusesEarlierLoads() {
    long put = store.stamp();
    store.clear();
    long load = store.stamp();
    store.putUnlessNewer("key", "written", put);
    assertThat(store.fill("key", "old", load)).isEqualTo(FillRefusal.INVALIDATED);
  }

  @Test
  void clear_retiresTheStateWithItsEntriesOnce() {
    store.fill("key", "value", store.stamp());
    assertThat(store.clear()).isTrue();
    assertThat(store.clear()).isFalse();
    assertThat(retired).hasSize(2);
    assertThat(retired.get(0).entries().getIfPresent("key")).isEqualTo("value");
    assertThat(store.entries().asMap()).isEmpty();
  }

  @Test
  void clear_beginsAStateThatIsNewerThanEveryStampBefore() {
    long before = store.stamp();
    store.clear();
    assertThat(store.isFillable("key", before)).isFalse();
    assertThat(store.isFillable("key", store.stamp())).isTrue();
  }

  @Test
  void fill_thatIsRefusedAfterItsFirstTest_leavesTheExistingEntry() {
    HookedKey key = new HookedKey("key");
    long stamp = store.stamp();
    // the first test of the fence asks for no hash, since nothing was invalidated yet
    key.onHash(
        1,
        () -> {
          store.evict(new HookedKey("key"));
          store.fill(new HookedKey("key"), "new", store.stamp());
        });
    assertThat(store.fill(key, "old", stamp)).isEqualTo(FillRefusal.INVALIDATED);
    assertThat(store.lookup(new HookedKey("key"))).isEqualTo("new");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void putUnlessNewer_duringWhichAllIsClearedAndLoadedAnew_leavesNothing(boolean invalidated) {
    HookedKey key = new HookedKey("key");
    long stamp = store.stamp();
    if (invalidated) {
      store.evict(key);
    }
    // the state was read already; the next question is that of Caffeine
    key.onHash(
        1,
        () -> {
          store.clear();
          store.fill(new HookedKey("key"), "old", store.stamp());
        });
    assertThat(store.putUnlessNewer(key, "written", stamp)).isFalse();
    assertThat(store.lookup(new HookedKey("key"))).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void put_duringWhichAnEarlierLoadIsStored_keepsItsValue(int question) {
    HookedKey key = new HookedKey("key");
    long stamp = store.stamp();
    key.onHash(question, () -> store.fill(new HookedKey("key"), "old", stamp));
    store.put(key, "put");
    store.fill(new HookedKey("key"), "old", stamp);
    assertThat(store.lookup(new HookedKey("key"))).isEqualTo("put");
  }

  /** Runs something at the n-th question for its hash. */
  private static final class HookedKey {

    private final String name;

    private int left;

    private Runnable hook = () -> {};

    HookedKey(String name) {
      this.name = name;
    }

    void onHash(int count, Runnable action) {
      left = count;
      hook = action;
    }

    @Override
    public int hashCode() {
      if (left > 0 && --left == 0) {
        hook.run();
      }
      return name.hashCode();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof HookedKey that && name.equals(that.name);
    }
  }
}

package io.github.cacheinvalidation.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.test.shop.Products;
import io.github.cacheinvalidation.test.shop.ShopApplication;
import java.util.List;
import org.assertj.core.api.ThrowableTypeAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.test.context.transaction.TestTransaction;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

@SpringBootTest(
    classes = ShopApplication.class,
    properties = {
      "spring.datasource.url=jdbc:h2:mem:recorded;DB_CLOSE_DELAY=-1",
      "invalidation.caches.here.local-only=true"
    })
@RecordInvalidations
class RecordedInvalidationsTest {

  @Autowired private Products products;

  @Autowired private CacheInvalidator invalidator;

  @Autowired private CacheManager caches;

  @Autowired private TransactionTemplate transaction;

  @Autowired private RecordedInvalidations invalidations;

  @BeforeEach
  void preparation_isNotRecorded() {
    products.rename(7, "old");
  }

  @Test
  void eviction_isRecordedWithItsKey() {
    products.rename(7, "new");

    assertThat(invalidations)
        .hasEvicted("products", 7L)
        .hasOnlyEvicted("products", 7L)
        .hasNotEvicted("products", 8L)
        .hasNotEvicted("others", 7L);
  }

  @Test
  void put_isRecordedAsAnEviction() {
    products.renamed(7, "new");

    assertThat(invalidations).hasOnlyEvicted("products", 7L);
  }

  @Test
  void clear_isRecordedAsAClear() {
    products.renameAll("new");

    assertThat(invalidations).hasCleared("products");
    assertThat(invalidations.all()).containsExactly(new Invalidation.Whole<>("products"));
  }

  @Test
  void invalidator_isRecorded() {
    invalidator.evictAll("products", List.of(7L, 8L));
    invalidator.clear("others");

    assertThat(invalidations).hasEvicted("products", 7L, 8L).hasCleared("others");
  }

  @Test
  void load_isNotRecorded() {
    products.name(7);

    assertThat(invalidations).isEmpty();
  }

  @Test
  void localOnlyCache_isNotRecorded() {
    invalidator.evict("here", 7L);

    assertThat(invalidations).isEmpty();
  }

  @Test
  void evictionInATransaction_isRecordedAtItsEnd() {
    transaction.executeWithoutResult(
        status -> {
          products.rename(7, "new");
          assertThat(invalidations).isEmpty();
        });

    assertThat(invalidations).hasOnlyEvicted("products", 7L);
  }

  @Test
  void clear_forgetsWhatWasRecorded() {
    products.rename(7, "new");

    invalidations.clear();

    assertThat(invalidations).isEmpty();
  }

  @Test
  void wholeNumbersOfAnotherType_areTheSameKey() {
    invalidator.evict("products", 7);

    assertThat(invalidations).hasOnlyEvicted("products", 7L).hasOnlyEvicted("products", (short) 7);
    assertThat(invalidations).hasNotEvicted("products", "7").hasNotEvicted("products", 7.0);
  }

  @Test
  void keysOfSeveralParts_andArrays_areComparedByTheirParts() {
    invalidator.evict("products", new SimpleKey(7L, "red"));
    invalidator.evict("products", new byte[] {1, 2});

    assertThat(invalidations)
        .hasOnlyEvicted("products", new SimpleKey(7L, "red"), new byte[] {1, 2});
  }

  @Test
  void missingEviction_failsWithWhatWasRecorded() {
    invalidator.evict("products", 8L);
    invalidator.clear("others");

    failure()
        .isThrownBy(() -> assertThat(invalidations).hasEvicted("products", 8L, 7L))
        .withMessage(
            """
            Expected that cache 'products' has evicted 7L, but
              cache 'products' has evicted 8L
              cache 'others' was cleared\
            """);
    failure()
        .isThrownBy(() -> assertThat(invalidations).hasCleared("products"))
        .withMessageStartingWith("Expected that cache 'products' was cleared, but");
    failure()
        .isThrownBy(() -> assertThat(invalidations).isEmpty())
        .withMessageStartingWith("Expected that nothing was invalidated, but");
  }

  @Test
  void nothingRecorded_failsWithThat() {
    failure()
        .isThrownBy(() -> assertThat(invalidations).hasEvicted("products", 7L))
        .withMessage("Expected that cache 'products' has evicted 7L, but nothing was invalidated");
  }

  @Test
  void moreThanExpected_fails() {
    invalidator.evictAll("products", List.of(7L, 8L));

    failure()
        .isThrownBy(() -> assertThat(invalidations).hasOnlyEvicted("products", 7L))
        .withMessageStartingWith("Expected that cache 'products' has only evicted 7L, but");
    failure()
        .isThrownBy(() -> assertThat(invalidations).hasNotEvicted("products", 8L))
        .withMessageStartingWith("Expected that cache 'products' has not evicted 8L, but");
  }

  @Test
  void clearOfTheCache_isNoEvictionOfAKey_andKeepsNoKey() {
    invalidator.clear("products");

    failure().isThrownBy(() -> assertThat(invalidations).hasEvicted("products", 7L));
    failure().isThrownBy(() -> assertThat(invalidations).hasNotEvicted("products", 7L));
  }

  @Test
  void otherCache_failsTheOnlyEviction() {
    invalidator.evict("products", 7L);
    invalidator.evict("others", 7L);

    failure().isThrownBy(() -> assertThat(invalidations).hasOnlyEvicted("products", 7L));
  }

  @Test
  void assertionWithoutKeys_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> assertThat(invalidations).hasEvicted("products"))
        .withMessage("'keys' must not be empty. Name a key, or use hasCleared for a whole cache");
  }

  @Transactional
  @Test
  void openTransactionOfTheTest_isNamedInTheFailure() {
    products.rename(7, "new");

    failure()
        .isThrownBy(() -> assertThat(invalidations).hasEvicted("products", 7L))
        .withMessageContaining("The transaction of this test is still open")
        .withMessageContaining("TestTransaction.end()");
    TestTransaction.end();
    assertThat(invalidations).hasEvicted("products", 7L);
  }

  @Test
  void cacheOfSpring_isRecorded() {
    assertThat(caches.getCache("products")).satisfies(cache -> cache.evict(7L));

    assertThat(invalidations).hasOnlyEvicted("products", 7L);
  }

  private static ThrowableTypeAssert<AssertionError> failure() {
    return assertThatExceptionOfType(AssertionError.class);
  }
}

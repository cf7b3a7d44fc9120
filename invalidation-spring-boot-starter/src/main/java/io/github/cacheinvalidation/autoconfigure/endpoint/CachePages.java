package io.github.cacheinvalidation.autoconfigure.endpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.cacheinvalidation.internal.cache.CacheDetails;
import io.github.cacheinvalidation.internal.cache.CacheInspector;
import io.github.cacheinvalidation.internal.judge.CacheJudge;
import io.github.cacheinvalidation.internal.key.KeyTypes;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows the caches of this node, and whether they hold a key. */
final class CachePages {

  private final CacheInspector inspector;

  private final CacheJudge judge;

  private final LastClears clears;

  private final LastRefusedKeys refused;

  CachePages(DefaultInvalidationNode node, LastClears clears, LastRefusedKeys refused) {
    this.inspector = node.cacheManager().inspector();
    this.judge = node.judge();
    this.clears = clears;
    this.refused = refused;
  }

  /**
   * A cache. Durations are in the form of ISO 8601, such as {@code PT10S}.
   *
   * @param unlimited whether it has neither a maximum nor a lifetime, so that it can fill the heap
   * @param lastRefusedKey the last key written here that no message can contain
   * @param judge what the judge has found; null if the cache has no source of truth
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record CachePage(
      String name,
      boolean localOnly,
      long size,
      @Nullable Double hitRate,
      @Nullable Long maximumSize,
      @Nullable Long maximumWeight,
      boolean unlimited,
      @Nullable String expireAfterWrite,
      @Nullable String expireAfterAccess,
      @Nullable String maxStaleness,
      boolean suspect,
      List<String> keyTypes,
      @Nullable LastClear lastClear,
      @Nullable LastRefusedKey lastRefusedKey,
      @Nullable Judged judge) {}

  /** The last clear of a cache as a whole. */
  record LastClear(String time, String reason) {}

  /**
   * The last key that no message can contain. Its write invalidated the whole cache.
   *
   * @param type the class of the key
   */
  record LastRefusedKey(String time, String type, String reason) {}

  /**
   * What the judge has found.
   *
   * @param checked how many entries it has compared
   * @param mismatches how many of them were stale
   * @param failures reads that failed, or whose values cannot be compared
   * @param consistency the share of the entries that were not stale; null before the first one
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Judged(long checked, long mismatches, long failures, @Nullable Double consistency) {}

  /**
   * A key.
   *
   * @param held whether this node would answer with a cached value
   * @param types the types of the keys that the text can mean in this cache on this node
   * @param heldTypes the types of those that it holds
   */
  record KeyPage(String cache, boolean held, List<String> types, List<String> heldTypes) {}

  List<CachePage> all() {
    return inspector.caches().stream().map(this::page).toList();
  }

  @Nullable CachePage cache(String name) {
    CacheDetails details = inspector.cache(name);
    return details == null ? null : page(details);
  }

  @Nullable KeyPage key(String cache, String text) {
    KeyTypes.Matches matches = inspector.keys(cache, text);
    if (matches == null) {
      return null;
    }
    List<Object> held = inspector.held(cache, matches.keys());
    return new KeyPage(cache, !held.isEmpty(), typesOf(matches.keys()), typesOf(held));
  }

  static List<String> typesOf(List<Object> keys) {
    return keys.stream().map(key -> key.getClass().getName()).distinct().sorted().toList();
  }

  private CachePage page(CacheDetails cache) {
    LastClears.Clear clear = clears.of(cache.name());
    LastRefusedKeys.Refused key = refused.of(cache.name());
    return new CachePage(
        cache.name(),
        cache.localOnly(),
        cache.size(),
        cache.hitRate(),
        cache.weighted() ? null : cache.maximum(),
        cache.weighted() ? cache.maximum() : null,
        cache.unlimited(),
        text(cache.expireAfterWrite()),
        text(cache.expireAfterAccess()),
        text(cache.maxStaleness()),
        cache.suspect(),
        cache.keyTypes(),
        clear == null ? null : new LastClear(clear.time().toString(), clear.reason().name()),
        key == null ? null : new LastRefusedKey(key.time().toString(), key.type(), key.reason()),
        judged(cache.name()));
  }

  private @Nullable Judged judged(String cache) {
    return judge.statistics().stream()
        .filter(each -> each.cache().equals(cache))
        .findFirst()
        .map(
            each ->
                new Judged(
                    each.checked(),
                    each.mismatches(),
                    each.failures(),
                    each.checked() == 0 ? null : (Double) each.consistency()))
        .orElse(null);
  }

  private static @Nullable String text(@Nullable Duration duration) {
    return duration == null ? null : duration.toString();
  }
}

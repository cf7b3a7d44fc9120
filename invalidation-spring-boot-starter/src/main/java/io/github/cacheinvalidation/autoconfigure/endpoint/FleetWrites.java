package io.github.cacheinvalidation.autoconfigure.endpoint;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.internal.cache.CacheDetails;
import io.github.cacheinvalidation.internal.cache.CacheInspector;
import io.github.cacheinvalidation.internal.key.KeyTypes;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/** Invalidates on all nodes, for an operator. */
final class FleetWrites {

  private final DefaultInvalidationNode node;

  private final CacheInvalidator invalidator;

  FleetWrites(DefaultInvalidationNode node, CacheInvalidator invalidator) {
    this.node = node;
    this.invalidator = invalidator;
  }

  /**
   * What was invalidated.
   *
   * @param whole whether the whole cache was invalidated
   * @param keyTypes the types of the keys that were invalidated
   * @param pendingKeys the keys of this node that wait to be published; zero if all are published
   * @param notes what else there is to know
   */
  record Written(
      String cache, boolean whole, List<String> keyTypes, int pendingKeys, List<String> notes) {}

  Written clear(String cache) {
    CacheDetails details = required(cache);
    invalidator.clear(cache);
    return written(details, true, List.of(), new ArrayList<>());
  }

  /**
   * Evicts each key that a text can mean. Other nodes match keys by their types, so the text and
   * the number are evicted too if this node has not used such a key yet.
   */
  Written evict(String cache, String text) {
    CacheDetails details = required(cache);
    List<String> notes = new ArrayList<>();
    Set<Object> keys = new LinkedHashSet<>();
    KeyTypes.Matches matches = node.cacheManager().inspector().keys(cache, text);
    if (matches != null) {
      keys.addAll(matches.keys());
      if (matches.unknownType() || details.keyTypes().isEmpty()) {
        notes.add(
            "This node does not know all types of keys of this cache. If other nodes use another"
                + " type than those here, clear the cache instead");
      }
    }
    keys.add(text);
    if (text.matches("-?\\d{1,18}")) {
      keys.add(Long.valueOf(text));
    }
    invalidator.evictAll(cache, keys);
    return written(details, false, CachePages.typesOf(List.copyOf(keys)), notes);
  }

  private Written written(
      CacheDetails cache, boolean whole, List<String> types, List<String> notes) {
    int pending = node.pendingKeys();
    if (cache.localOnly()) {
      notes.add("This cache is local only, so other nodes keep their entries");
    } else if (!node.isRunning()) {
      notes.add("This node is stopped; it publishes when it is started again");
    } else if (!node.isDrained()) {
      notes.add("Not all writes of this node are published yet; it goes on trying");
    }
    return new Written(cache.name(), whole, types, pending, notes);
  }

  /** A name with an error would otherwise create a cache. */
  private CacheDetails required(String cache) {
    CacheInspector inspector = node.cacheManager().inspector();
    CacheDetails details = inspector.cache(cache);
    if (details == null) {
      throw new InvalidEndpointRequestException(
          "no cache '" + cache + "'",
          "This node has no cache '%s'. Its caches are %s"
              .formatted(cache, inspector.caches().stream().map(CacheDetails::name).toList()));
    }
    return details;
  }
}

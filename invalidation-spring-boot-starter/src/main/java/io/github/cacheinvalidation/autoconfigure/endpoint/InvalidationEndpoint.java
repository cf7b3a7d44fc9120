package io.github.cacheinvalidation.autoconfigure.endpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * Shows an operator whether this node is coherent, since when, with whom, and what was invalidated
 * lately. Reading changes nothing on this node or in Redis. The operations that write need {@code
 * management.endpoint.invalidation.access=unrestricted}. Names of methods are names in JMX.
 */
@Endpoint(id = "invalidation", defaultAccess = Access.READ_ONLY)
final class InvalidationEndpoint {

  private final NodePage node;

  private final CachePages caches;

  private final HistoryPages history;

  private final FleetWrites writes;

  InvalidationEndpoint(NodePage node, CachePages caches, HistoryPages history, FleetWrites writes) {
    this.node = node;
    this.caches = caches;
    this.history = history;
    this.writes = writes;
  }

  /**
   * All that an operator sees first.
   *
   * @param node this node
   * @param listeners the connections that listen, as far as Redis tells
   * @param caches the caches of this node
   * @param invalidations the last ones on this node, newest first
   * @param log what the log in Redis holds since the time of the request; null if none was given
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Page(
      NodePage.Node node,
      NodePage.Listeners listeners,
      List<CachePages.CachePage> caches,
      List<HistoryPages.Past> invalidations,
      HistoryPages.@Nullable LogPage log) {}

  /**
   * Shows this node.
   *
   * @param since a time such as {@code 2026-01-31T03:00:00Z}; then the log in Redis is read from
   *     there
   * @param limit the most messages of the log; by default as many as the settings allow
   */
  @ReadOperation
  Page invalidation(@Nullable String since, @Nullable Integer limit) {
    HistoryPages.LogPage log = since == null ? null : history.log(since, limit);
    return new Page(node.node(), node.listeners(), caches.all(), history.recent(), log);
  }

  /** Shows one cache of this node. There is none if null is returned. */
  @ReadOperation
  CachePages.@Nullable CachePage cache(@Selector String cache) {
    return caches.cache(cache);
  }

  /** Shows whether this node holds a key, and does not count as an access to it. */
  @ReadOperation
  CachePages.@Nullable KeyPage key(
      @Selector String cache, @Selector(match = Selector.Match.ALL_REMAINING) String... key) {
    return caches.key(cache, String.join("/", key));
  }

  /** Clears a cache on all nodes. */
  @DeleteOperation
  FleetWrites.Written clear(@Selector String cache) {
    return writes.clear(cache);
  }

  /** Evicts a key on all nodes. */
  @DeleteOperation
  FleetWrites.Written evict(
      @Selector String cache, @Selector(match = Selector.Match.ALL_REMAINING) String... key) {
    return writes.evict(cache, String.join("/", key));
  }
}

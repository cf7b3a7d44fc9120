package io.github.cacheinvalidation.internal.message;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.KeyTypes;
import io.github.cacheinvalidation.internal.key.WireKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Notifies several listeners.
 *
 * @param listeners the listeners, in the order in which they are notified
 */
record CompositeMessageEventListener(List<? extends MessageEventListener> listeners)
    implements MessageEventListener {

  @Override
  public void counted(int connections) {
    listeners.forEach(each -> each.counted(connections));
  }

  @Override
  public void twoMastersPossible() {
    listeners.forEach(MessageEventListener::twoMastersPossible);
  }

  @Override
  public void compared(
      @Nullable String origin,
      String cache,
      Collection<WireKey> keys,
      KeyTypes types,
      boolean any) {
    listeners.forEach(each -> each.compared(origin, cache, keys, types, any));
  }

  @Override
  public void delivered(long delayNanos) {
    listeners.forEach(each -> each.delivered(delayNanos));
  }

  @Override
  public void applied(@Nullable String origin) {
    listeners.forEach(each -> each.applied(origin));
  }

  @Override
  public void evicted(
      @Nullable String origin, String cache, Collection<WireKey> keys, int count, long evicted) {
    listeners.forEach(each -> each.evicted(origin, cache, keys, count, evicted));
  }

  @Override
  public void cleared(@Nullable String origin, String cache, long evicted) {
    listeners.forEach(each -> each.cleared(origin, cache, evicted));
  }

  @Override
  public void cleared(String cache, ClearReason reason) {
    listeners.forEach(each -> each.cleared(cache, reason));
  }

  @Override
  public void keyRefused(String cache, Class<?> type, String reason) {
    listeners.forEach(each -> each.keyRefused(cache, type, reason));
  }

  @Override
  public void unknownCache(@Nullable String origin, String cache) {
    listeners.forEach(each -> each.unknownCache(origin, cache));
  }

  @Override
  public void settings(String origin, Map<String, String> settings) {
    listeners.forEach(each -> each.settings(origin, settings));
  }

  @Override
  public void accepted(List<Invalidation.OfCache<Object>> stale) {
    listeners.forEach(each -> each.accepted(stale));
  }
}

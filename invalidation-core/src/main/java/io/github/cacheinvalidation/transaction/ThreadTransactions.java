package io.github.cacheinvalidation.transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The transactions of the calling thread: the one that is bound to it, and those that are suspended
 * for it. Another manager's transaction suspends a transaction but leaves its resources bound, so
 * that it can still be read through; {@code REQUIRES_NEW} of the same manager takes them away.
 */
final class ThreadTransactions {

  private final Slot<SpringUnitOfWork> bound = new Slot<>();

  private final Slot<List<SpringUnitOfWork>> suspended = new Slot<>();

  private final Slot<List<Object>> before = new Slot<>();

  @Nullable SpringUnitOfWork bound() {
    return bound.get();
  }

  /** Whether the synchronization that is active now would tell a unit of the end. */
  static boolean isHeard(SpringUnitOfWork unit) {
    return TransactionSynchronizationManager.getSynchronizations().contains(unit);
  }

  /** Binds a unit, in place of one that nobody has told of its end if there is such a one. */
  void bind(SpringUnitOfWork unit) {
    bound.set(unit);
  }

  void unbind(SpringUnitOfWork unit) {
    if (bound.get() == unit) {
      bound.remove();
    }
  }

  void suspend(SpringUnitOfWork unit) {
    unbind(unit);
    List<SpringUnitOfWork> units = suspended.get();
    List<SpringUnitOfWork> more = new ArrayList<>(units == null ? List.of() : units);
    more.add(unit);
    suspended.set(more);
  }

  void resume(SpringUnitOfWork unit) {
    List<SpringUnitOfWork> units = suspended.get();
    if (units != null && units.remove(unit) && units.isEmpty()) {
      suspended.remove();
    }
    bind(unit);
  }

  /** Returns the innermost suspended transaction that can still be read through; null if none. */
  @Nullable SpringUnitOfWork readable() {
    List<SpringUnitOfWork> units = suspended.get();
    if (units == null) {
      return null;
    }
    List<Object> resources = resources();
    for (int i = units.size() - 1; i >= 0; i--) {
      if (units.get(i).holdsAny(resources)) {
        return units.get(i);
      }
    }
    return null;
  }

  /** Notes what is bound before a transaction begins. */
  void rememberResources() {
    before.set(resources());
  }

  /** Returns what has been bound since; all that is bound if that is nothing. */
  List<Object> newResources() {
    List<Object> present = resources();
    List<Object> old = before.get();
    before.remove();
    if (old == null) {
      return present;
    }
    List<Object> added =
        present.stream().filter(each -> old.stream().noneMatch(other -> other == each)).toList();
    return added.isEmpty() ? present : added;
  }

  /** The resources of transactions that are bound to the calling thread, such as connections. */
  static List<Object> resources() {
    Map<Object, Object> all = TransactionSynchronizationManager.getResourceMap();
    List<Object> resources = new ArrayList<>(all.size());
    all.forEach(
        (key, resource) -> {
          if (!(key instanceof Slot)) {
            resources.add(resource);
          }
        });
    return resources;
  }

  /** A place among the resources of the calling thread. */
  private static final class Slot<T> {

    @SuppressWarnings("unchecked") // nobody else has the key
    @Nullable T get() {
      return (T) TransactionSynchronizationManager.getResource(this);
    }

    void set(T value) {
      remove();
      TransactionSynchronizationManager.bindResource(this, value);
    }

    void remove() {
      TransactionSynchronizationManager.unbindResourceIfPossible(this);
    }
  }
}

package io.github.cacheinvalidation.internal.transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The transactions of the calling thread: the bound transaction, and the suspended ones. If a
 * transaction of another manager suspends a transaction, the resources of the suspended one stay
 * bound, and the thread can still read through it. {@code REQUIRES_NEW} of the same manager unbinds
 * them.
 */
final class ThreadTransactions {

  private final Slot<Bound> bound = new Slot<>();

  private final Slot<List<SpringUnitOfWork>> suspended = new Slot<>();

  private final Slot<List<Object>> before = new Slot<>();

  @Nullable SpringUnitOfWork bound() {
    Bound present = bound.get();
    return present == null ? null : present.unit;
  }

  /**
   * Whether there is a bound unit, and the active synchronization will notify that unit of the end.
   * Takes the same time for any number of callbacks of the synchronization.
   */
  boolean isBoundHeard() {
    Bound present = bound.get();
    return present != null && present.isHeard();
  }

  /** Binds a unit. It replaces a unit that was never notified of its end. */
  void bind(SpringUnitOfWork unit) {
    bound.set(new Bound(unit));
  }

  void unbind(SpringUnitOfWork unit) {
    if (bound() == unit) {
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

  /** Returns the innermost suspended transaction with bound resources; null if there is none. */
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

  /** Notes the resources that are bound before a transaction begins. */
  void rememberResources() {
    before.set(resources());
  }

  /** Returns the resources bound since then; all bound resources if there are none. */
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

  /**
   * The bound unit. Finds out whether the active synchronization holds that unit. Spring copies and
   * sorts all callbacks for a caller that reads them, so this object registers itself instead. It
   * is equal to its unit, so Spring's set of callbacks refuses it, after a call of {@code equals},
   * if the set holds the unit. A set without the unit gets a callback that does nothing, once.
   */
  private static final class Bound implements TransactionSynchronization {

    private final SpringUnitOfWork unit;

    private boolean met;

    Bound(SpringUnitOfWork unit) {
      this.unit = unit;
    }

    boolean isHeard() {
      met = false;
      TransactionSynchronizationManager.registerSynchronization(this);
      return met;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      met |= other == unit;
      return other == unit || other == this;
    }

    @Override
    public int hashCode() {
      return unit.hashCode();
    }
  }

  /** A value bound to the calling thread, as a resource of Spring's. */
  private static final class Slot<T> {

    @SuppressWarnings("unchecked") // no other code has the key
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

package io.github.cacheinvalidation.internal.transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The transactions of the calling thread: the one that is bound to it, and those that are suspended
 * for it. Another manager's transaction suspends a transaction but leaves its resources bound, so
 * that it can still be read through; {@code REQUIRES_NEW} of the same manager takes them away.
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
   * Whether there is a bound unit, and the synchronization that is active now would tell that unit
   * of the end. Takes as long however many callbacks the synchronization has.
   */
  boolean isBoundHeard() {
    Bound present = bound.get();
    return present != null && present.isHeard();
  }

  /** Binds a unit, in place of one that nobody has told of its end if there is such a one. */
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

  /**
   * The bound unit, and how to find out whether the active synchronization has it. Spring copies
   * and sorts the callbacks for whoever reads them, so this asks to be one of them. The set that
   * holds them refuses an element that is equal to one that it has, and this is equal to its unit.
   * A synchronization without the unit gets a callback that does nothing, once.
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

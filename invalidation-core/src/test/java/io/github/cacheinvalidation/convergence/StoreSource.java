package io.github.cacheinvalidation.convergence;

import io.github.cacheinvalidation.SourceOfTruth;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The database as the source of truth of one cache of a node. A value that the database no longer
 * has counts as stale only if Redis has accepted, from another node, that it is: as for G4 in
 * {@link Judge}, nothing is promised before.
 */
record StoreSource(String cache, Store store, int node) implements SourceOfTruth {

  /** What the database has for a key. */
  private record Current(Key key, Value value) {}

  @Override
  public Object read(Object key) {
    return new Current((Key) key, store.read((Key) key));
  }

  @Override
  public boolean same(@Nullable Object cached, @Nullable Object current) {
    if (cached instanceof Current) {
      return true; // two reads of the database can always be compared
    }
    Value held = (Value) Objects.requireNonNull(cached);
    Key key = ((Current) Objects.requireNonNull(current)).key();
    for (int i = 0; i < key.products().length; i++) {
      Version version = held.version(i);
      Version next = version.next();
      boolean replaced = next != null && next.accepted(key.slot(), node) != 0;
      if (replaced || version.status() == Version.Status.NEVER_COMMITTED) {
        return false;
      }
    }
    return true;
  }
}

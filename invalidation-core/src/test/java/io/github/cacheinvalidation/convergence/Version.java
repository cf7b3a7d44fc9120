package io.github.cacheinvalidation.convergence;

import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * One version of a product. Versions of a product that were committed form a chain in the order of
 * their commits, numbered by ordinals.
 */
final class Version {

  enum Status {
    PENDING,
    COMMITTED,
    /**
     * Rolled back, or replaced in its own transaction: no other transaction saw it in the database.
     */
    NEVER_COMMITTED
  }

  private final int product;

  private final long number;

  private final @Nullable StoreTransaction writer;

  private final AtomicLongArray accepted = new AtomicLongArray(Key.SLOTS * Settings.MOST_NODES);

  private volatile Status status = Status.PENDING;

  private volatile long ordinal;

  private volatile long committedBy;

  private volatile @Nullable Version next;

  Version(int product, long number, @Nullable StoreTransaction writer) {
    this.product = product;
    this.number = number;
    this.writer = writer;
  }

  int product() {
    return product;
  }

  @Nullable StoreTransaction writer() {
    return writer;
  }

  Status status() {
    return status;
  }

  void status(Status value) {
    status = value;
  }

  long ordinal() {
    return ordinal;
  }

  /** Becomes visible as the successor of another version. */
  void commitAfter(Version predecessor) {
    ordinal = predecessor.ordinal + 1;
    status = Status.COMMITTED;
    predecessor.next = this;
  }

  /** Returns a moment at which the commit was over; 0 until it is. */
  long committedBy() {
    return committedBy;
  }

  void committedBy(long moment) {
    committedBy = moment;
  }

  /** Returns the version that was committed next; null if this is the newest. */
  @Nullable Version next() {
    return next;
  }

  /**
   * Returns a moment by which Redis had accepted from another node than this one that a slot is
   * stale; 0 until it has.
   */
  long accepted(int slot, int node) {
    return accepted.get(slot * Settings.MOST_NODES + node);
  }

  void accepted(int slot, int node, long moment) {
    accepted.set(slot * Settings.MOST_NODES + node, moment);
  }

  @Override
  public String toString() {
    return "p"
        + product
        + "#"
        + number
        + (status == Status.COMMITTED ? "(commit " + ordinal + ")" : "(" + status + ")");
  }
}

package io.github.cacheinvalidation.convergence;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A transaction of the store. Its reads and writes belong to one thread, its phase to all. */
final class StoreTransaction {

  enum Phase {
    ACTIVE,
    COMMITTING,
    COMMITTED,
    /** The commit failed. */
    LOST,
    ROLLED_BACK
  }

  /** The outcome of a commit. */
  enum Outcome {
    COMMITS,
    /** The commit fails with an unknown outcome; it was lost. */
    UNKNOWN_AND_LOST,
    /** The commit fails with an unknown outcome; it stands. */
    UNKNOWN_AND_STANDS,
    /** It stands, but is reported as rolled back. */
    ROLLED_BACK_IT_SAYS
  }

  private final Store store;

  private final long number;

  private final Version @Nullable [] snapshot;

  private Map<Integer, Version> written = new LinkedHashMap<>();

  private Outcome outcome = Outcome.COMMITS;

  private volatile Phase phase = Phase.ACTIVE;

  /** Begins; with a snapshot it sees nothing that others commit from now on. */
  StoreTransaction(Store store, boolean withSnapshot) {
    this.store = store;
    this.number = store.nextNumber();
    this.snapshot = withSnapshot ? store.newest() : null;
  }

  long number() {
    return number;
  }

  Phase phase() {
    return phase;
  }

  void outcome(Outcome value) {
    outcome = value;
  }

  Outcome outcome() {
    return outcome;
  }

  Version read(int product, Version[] newest) {
    Version own = written.get(product);
    return own != null ? own : (snapshot == null ? newest : snapshot)[product];
  }

  void write(Version version) {
    replaced(written.put(version.product(), version));
  }

  private static void replaced(@Nullable Version version) {
    if (version != null) {
      version.status(Version.Status.NEVER_COMMITTED);
    }
  }

  Savepoint savepoint() {
    return new Savepoint(new LinkedHashMap<>(written));
  }

  void rollbackTo(Savepoint savepoint) {
    written.values().forEach(StoreTransaction::replaced);
    written = new LinkedHashMap<>(savepoint.written);
    written.values().forEach(version -> version.status(Version.Status.PENDING));
  }

  void commit() {
    phase = Phase.COMMITTING;
    if (outcome == Outcome.UNKNOWN_AND_LOST) {
      written.values().forEach(StoreTransaction::replaced);
      phase = Phase.LOST;
    } else {
      store.commit(written.values());
      phase = Phase.COMMITTED;
    }
  }

  void rollback() {
    if (phase == Phase.ACTIVE) {
      written.values().forEach(StoreTransaction::replaced);
      phase = Phase.ROLLED_BACK;
    }
  }

  @Override
  public String toString() {
    return "transaction " + number + " (" + phase + ")";
  }

  /** The writes at the time of the savepoint; equal to itself alone. */
  static final class Savepoint {

    private final Map<Integer, Version> written;

    private Savepoint(Map<Integer, Version> written) {
      this.written = written;
    }
  }
}

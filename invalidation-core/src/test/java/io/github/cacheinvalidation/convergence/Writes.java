package io.github.cacheinvalidation.convergence;

import static java.util.Objects.requireNonNull;

import io.github.cacheinvalidation.NotPublishedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;

/** Random writes of one thread, on all nodes, of all kinds. */
final class Writes {

  /** Every way to write. */
  enum Kind {
    EVICT,
    EVICT_IF_PRESENT,
    EVICT_ALL,
    CLEAR,
    INVALIDATE,
    ANNOTATED_EVICT,
    ANNOTATED_PUT,
    PUT_BY_HAND,
    TRANSACTION,
    ROLLED_BACK,
    COMMIT_UNKNOWN_AND_LOST,
    COMMIT_UNKNOWN_AND_STANDS,
    COMMIT_ROLLED_BACK_IT_SAYS,
    SAVEPOINT_ROLLED_BACK,
    REQUIRES_NEW,
    REQUIRES_NEW_IN_ROLLED_BACK,
    COMMITTED_ELSEWHERE,
    COMMITTED_ELSEWHERE_IN_ROLLED_BACK
  }

  private static final Kind[] KINDS = Kind.values();

  /**
   * A value that is put by hand has its own version, so no other writer may write the product
   * meanwhile.
   */
  private static final ReentrantLock BY_HAND = new ReentrantLock();

  private final List<ConvergenceNode> nodes;

  private final Store store;

  private final Counters counters;

  private final RandomGenerator random;

  private final Reads reads;

  private final List<Version> written = new ArrayList<>();

  Writes(
      List<ConvergenceNode> nodes,
      Store store,
      Counters counters,
      RandomGenerator random,
      Reads reads) {
    this.nodes = nodes;
    this.store = store;
    this.counters = counters;
    this.random = random;
    this.reads = reads;
  }

  /** Writes once. */
  void one() {
    Kind kind = KINDS[random.nextInt(KINDS.length)];
    if (kind == Kind.INVALIDATE || kind == Kind.CLEAR) {
      kind = random.nextInt(5) == 0 ? kind : Kind.TRANSACTION; // clears hide stale entries
    }
    ConvergenceNode node = nodes.get(random.nextInt(nodes.size()));
    written.clear();
    try {
      write(kind, node);
    } catch (NotPublishedException notAccepted) {
      counters.add("observed", "write not published in time");
    } catch (TransactionException | StoreTransactionManager.CommitFailure failed) {
      counters.add("observed", "commit failed");
    }
    node.evicted(written);
    counters.add("writes", kind.name());
  }

  private void write(Kind kind, ConvergenceNode node) {
    switch (kind) {
      case EVICT -> {
        Version version = writeAny();
        try {
          node.lists().evict(Key.stale(version.product(), 1));
        } finally {
          finish(
              () -> node.lists().evict(Key.stale(version.product(), 2)),
              () -> node.products().evict(Key.product(version.product())));
        }
      }
      case EVICT_IF_PRESENT -> {
        Version version = writeAny();
        finish(
            () -> node.lists().evictIfPresent(Key.stale(version.product(), 1)),
            () -> node.lists().evictIfPresent(Key.stale(version.product(), 2)),
            () -> node.products().evictIfPresent(Key.product(version.product())));
      }
      case EVICT_ALL -> {
        Version version = writeAny();
        finish(
            () -> evictLists(node, version.product()),
            () ->
                node.invalidator()
                    .evictAll(Key.PRODUCT_CACHE, Set.of(Key.product(version.product()))));
      }
      case CLEAR -> {
        Version version = writeAny();
        finish(
            () -> node.lists().clear(),
            () -> {
              if (random.nextInt(4) == 0) {
                node.products().clear();
              } else {
                node.products().evict(Key.product(version.product()));
              }
            });
      }
      case INVALIDATE -> {
        writeAny();
        finish(() -> node.lists().invalidate(), () -> node.products().invalidate());
      }
      case ANNOTATED_EVICT -> {
        Key product = Key.product(random.nextInt(Key.FIRST_BY_HAND));
        finish(() -> evictWritten(node, product), () -> evictLists(node, (int) product.id()));
      }
      case ANNOTATED_PUT -> {
        Key product = Key.product(random.nextInt(Key.FIRST_BY_HAND));
        finish(() -> putWritten(node, product), () -> evictLists(node, (int) product.id()));
      }
      case PUT_BY_HAND -> putByHand(node);
      case TRANSACTION -> transaction(node, StoreTransaction.Outcome.COMMITS, false, Inner.NONE);
      case ROLLED_BACK -> transaction(node, StoreTransaction.Outcome.COMMITS, true, Inner.NONE);
      case COMMIT_UNKNOWN_AND_LOST ->
          transaction(node, StoreTransaction.Outcome.UNKNOWN_AND_LOST, false, Inner.NONE);
      case COMMIT_UNKNOWN_AND_STANDS ->
          transaction(node, StoreTransaction.Outcome.UNKNOWN_AND_STANDS, false, Inner.NONE);
      case COMMIT_ROLLED_BACK_IT_SAYS ->
          transaction(node, StoreTransaction.Outcome.ROLLED_BACK_IT_SAYS, false, Inner.NONE);
      case SAVEPOINT_ROLLED_BACK ->
          transaction(node, StoreTransaction.Outcome.COMMITS, false, Inner.NESTED);
      case REQUIRES_NEW ->
          transaction(node, StoreTransaction.Outcome.COMMITS, false, Inner.REQUIRES_NEW);
      case REQUIRES_NEW_IN_ROLLED_BACK ->
          transaction(node, StoreTransaction.Outcome.COMMITS, true, Inner.REQUIRES_NEW);
      case COMMITTED_ELSEWHERE ->
          transaction(node, StoreTransaction.Outcome.COMMITS, false, Inner.ELSEWHERE);
      case COMMITTED_ELSEWHERE_IN_ROLLED_BACK ->
          transaction(node, StoreTransaction.Outcome.COMMITS, true, Inner.ELSEWHERE);
    }
  }

  private Version writeAny() {
    Version version = store.write(random.nextInt(Key.FIRST_BY_HAND));
    written.add(version);
    return version;
  }

  private void evictWritten(ConvergenceNode node, Key product) {
    Loaders.drawSlowWrite(random);
    try {
      written.add(node.shop().evict(product));
    } catch (NotPublishedException notAccepted) {
      counters.add("observed", "write not published in time");
    }
  }

  private void putWritten(ConvergenceNode node, Key product) {
    Loaders.drawSlowWrite(random);
    try {
      written.add(node.shop().put(product).version(0));
    } catch (NotPublishedException notAccepted) {
      counters.add("observed", "write not published in time");
    }
  }

  private void putByHand(ConvergenceNode node) {
    BY_HAND.lock();
    try {
      int product = random.nextInt(Key.FIRST_BY_HAND, Key.PRODUCTS);
      Version version = store.write(product);
      written.add(version);
      finish(
          () -> node.products().put(Key.product(product), new Value(version).loaded()),
          () -> evictLists(node, product));
    } finally {
      BY_HAND.unlock();
    }
  }

  private static void evictLists(ConvergenceNode node, int product) {
    node.invalidator()
        .evictAll(Key.LIST_CACHE, List.of(Key.stale(product, 1), Key.stale(product, 2)));
  }

  /** A write that is not published in time stands, and its follow-up actions still run. */
  private void finish(Runnable... steps) {
    for (Runnable step : steps) {
      try {
        step.run();
      } catch (NotPublishedException notAccepted) {
        counters.add("observed", "write not published in time");
      }
    }
  }

  // Transactions

  private enum Inner {
    NONE,
    NESTED,
    REQUIRES_NEW,
    ELSEWHERE
  }

  private void transaction(
      ConvergenceNode node, StoreTransaction.Outcome outcome, boolean rolledBack, Inner inner) {
    Set<Integer> products = new TreeSet<>();
    while (products.size() < 4) {
      products.add(random.nextInt(Key.FIRST_BY_HAND));
    }
    List<Integer> order = new ArrayList<>(products);
    node.transaction(TransactionDefinition.PROPAGATION_REQUIRED, false, random.nextBoolean())
        .executeWithoutResult(
            status -> {
              begin(node).outcome(outcome);
              change(node, order.get(0));
              pause();
              reads.one(node, Reads.Around.READ_WRITE_TRANSACTION);
              if (inner == Inner.NESTED) {
                nested(node, order.get(1));
              } else if (inner == Inner.REQUIRES_NEW) {
                requiresNew(node, order.get(1));
              } else if (inner == Inner.ELSEWHERE) {
                elsewhere(node, order.get(1));
              }
              if (random.nextBoolean()) {
                change(node, order.get(2));
                reads.one(node, Reads.Around.READ_WRITE_TRANSACTION);
              }
              pause();
              if (rolledBack) {
                status.setRollbackOnly();
              }
            });
  }

  private StoreTransaction begin(ConvergenceNode node) {
    StoreTransaction transaction = requireNonNull(store.current());
    node.products().evict(Key.canary(transaction));
    return transaction;
  }

  private void nested(ConvergenceNode node, int product) {
    node.transaction(TransactionDefinition.PROPAGATION_NESTED, false, false)
        .executeWithoutResult(
            status -> {
              change(node, product);
              reads.one(node, Key.stale(product, 1), Reads.Around.READ_WRITE_TRANSACTION);
              status.setRollbackOnly();
            });
  }

  private void requiresNew(ConvergenceNode node, int product) {
    try {
      node.transaction(TransactionDefinition.PROPAGATION_REQUIRES_NEW, false, false)
          .executeWithoutResult(
              status -> {
                begin(node);
                change(node, product);
                reads.one(node, Reads.Around.READ_WRITE_TRANSACTION);
              });
    } catch (NotPublishedException notAccepted) {
      counters.add("observed", "write not published in time");
    }
  }

  /** The evictions act in the outer transaction, and at once: the judge holds the node to that. */
  private void elsewhere(ConvergenceNode node, int product) {
    CommittedElsewhere change = CommittedElsewhere.draw(node, store, product, random, counters);
    finish(change::make, () -> evictLists(node, product));
    node.evicted(change.committed());
    written.addAll(change.committed());
    reads.one(node, Key.stale(product, 1), Reads.Around.READ_WRITE_TRANSACTION);
  }

  /** Writes a product and makes its keys stale, in one order or the other. */
  private void change(ConvergenceNode node, int product) {
    Key key = Key.product(product);
    switch (random.nextInt(5)) {
      case 0 -> {
        written.add(store.write(product));
        node.products().evict(key);
      }
      case 1 -> {
        node.products().evictIfPresent(key);
        written.add(store.write(product));
        reads.one(node, key, Reads.Around.READ_WRITE_TRANSACTION);
        written.add(store.write(product));
      }
      case 2 -> {
        Version version = store.write(product);
        written.add(version);
        node.products().put(key, new Value(version).loaded());
      }
      case 3 -> written.add(node.shop().put(key).version(0));
      default -> {
        written.add(store.write(product));
        reads.one(node, Key.stale(product, 1), Reads.Around.READ_WRITE_TRANSACTION);
        written.add(node.shop().evict(key));
      }
    }
    reads.one(node, Key.stale(product, 2), Reads.Around.READ_WRITE_TRANSACTION);
    evictLists(node, product);
  }

  private void pause() {
    Loaders.pause(random.nextInt(3) == 0 ? random.nextInt(1, 10) : 0);
  }
}

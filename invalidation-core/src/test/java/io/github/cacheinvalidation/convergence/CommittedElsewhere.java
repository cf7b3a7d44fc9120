package io.github.cacheinvalidation.convergence;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A change of one product that is committed while a transaction of the thread is open, and the call
 * inside that transaction which says that the product is stale.
 */
final class CommittedElsewhere {

  /** The group of the counters of the ways. */
  static final String COMMITTED = "committed inside a transaction";

  /** The group of the counters of the calls. */
  static final String TOLD = "told inside a transaction";

  /** How the change is committed. */
  enum Way {
    REQUIRES_NEW,
    NOT_SUPPORTED,
    OTHER_MANAGER
  }

  /** The call that says that the product is stale. */
  enum Told {
    ANNOTATED_EVICT,
    ANNOTATED_PUT,
    INVALIDATOR
  }

  private final ConvergenceNode node;

  private final Store store;

  private final int product;

  private final Way way;

  private final Told told;

  private final List<Version> committed = new ArrayList<>();

  private CommittedElsewhere(ConvergenceNode node, Store store, int product, Way way, Told told) {
    this.node = node;
    this.store = store;
    this.product = product;
    this.way = way;
    this.told = told;
  }

  static CommittedElsewhere draw(
      ConvergenceNode node, Store store, int product, RandomGenerator random, Counters counters) {
    Way way = Way.values()[random.nextInt(Way.values().length)];
    Told told = Told.values()[random.nextInt(Told.values().length)];
    counters.add(COMMITTED, way.name());
    counters.add(TOLD, told.name());
    return new CommittedElsewhere(node, store, product, way, told);
  }

  /** Makes the change, and the call. */
  void make() {
    Key key = Key.product(product);
    switch (told) {
      case ANNOTATED_EVICT -> node.shop().evictCommitted(key, this::commit);
      case ANNOTATED_PUT -> node.shop().putCommitted(key, this::commit);
      case INVALIDATOR -> {
        commit();
        node.invalidator().evict(Key.PRODUCT_CACHE, key);
      }
    }
  }

  /** Returns what {@link #make} has committed. */
  List<Version> committed() {
    return committed;
  }

  private Value commit() {
    switch (way) {
      case REQUIRES_NEW ->
          in(node.transaction(TransactionDefinition.PROPAGATION_REQUIRES_NEW, false, false));
      case NOT_SUPPORTED ->
          in(node.transaction(TransactionDefinition.PROPAGATION_NOT_SUPPORTED, false, false));
      case OTHER_MANAGER ->
          node.otherTransaction()
              .executeWithoutResult(status -> committed.add(store.writeApart(product)));
    }
    return new Value(committed.get(0)).loaded();
  }

  private void in(TransactionTemplate transaction) {
    transaction.executeWithoutResult(status -> committed.add(store.write(product)));
  }
}

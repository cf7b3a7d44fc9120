package io.github.cacheinvalidation.convergence;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.transaction.TransactionDefinition;

/** Random reads of one thread, on all nodes, over all paths, each of them judged. */
final class Reads {

  /** Every way to an answer. */
  enum Path {
    CACHEABLE,
    CACHEABLE_SYNC,
    FUTURE,
    FUTURE_SYNC,
    MONO,
    GET_WITH_LOADER,
    RETRIEVE_WITH_SUPPLIER,
    LOOKUP
  }

  /** The transaction in which a read happens. */
  enum Around {
    NOTHING,
    READ_ONLY_TRANSACTION,
    READ_WRITE_TRANSACTION
  }

  private static final Path[] PATHS = Path.values();

  private static final long LONGEST_SECONDS = 30;

  private final List<ConvergenceNode> nodes;

  private final Store store;

  private final Judge judge;

  private final Counters counters;

  private final RandomGenerator random;

  /** The loads of each transaction of the calling thread; one can be suspended for another. */
  private final Map<StoreTransaction, Set<Value>> transactionLoads = new WeakHashMap<>();

  Reads(
      List<ConvergenceNode> nodes,
      Store store,
      Judge judge,
      Counters counters,
      RandomGenerator random) {
    this.nodes = nodes;
    this.store = store;
    this.judge = judge;
    this.counters = counters;
    this.random = random;
  }

  /** Reads a few keys. */
  void some() {
    for (int i = 0; i < 150; i++) {
      one(node(), Around.NOTHING);
    }
    ConvergenceNode node = node();
    inTransaction(node, Around.READ_ONLY_TRANSACTION);
    inTransaction(node, Around.READ_WRITE_TRANSACTION);
  }

  private ConvergenceNode node() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  private void inTransaction(ConvergenceNode node, Around around) {
    boolean readOnly = around == Around.READ_ONLY_TRANSACTION;
    node.transaction(TransactionDefinition.PROPAGATION_REQUIRED, readOnly, random.nextBoolean())
        .executeWithoutResult(
            status -> {
              int reads = random.nextInt(1, 5);
              for (int i = 0; i < reads; i++) {
                Loaders.pause(random.nextInt(20) == 0 ? random.nextInt(1, 8) : 0);
                one(node, around);
              }
            });
  }

  /** Reads one random key over one random path. */
  void one(ConvergenceNode node, Around around) {
    Key key =
        random.nextInt(3) > 0
            ? Key.product(random.nextInt(Key.PRODUCTS))
            : Key.list(random.nextInt(Key.LISTS));
    one(node, key, around);
  }

  /** Reads a key over one random path. */
  void one(ConvergenceNode node, Key key, Around around) {
    Path path = PATHS[random.nextInt(PATHS.length)];
    String name = counted(path, around);
    Loaders.Plan plan = Loaders.draw(random);
    Judge.Read read = Judge.Read.begin(node, key, name, store.current());
    try {
      Value value = ask(node, key, path);
      if (value != null) {
        judge.answered(read, value, isOfOwnLoad(value, plan.wasCalled(), store.current()));
        counters.add("reads", name);
        counters.add("reads of", key.cache());
      }
    } catch (Exception failure) {
      if (failure instanceof InterruptedException || !isInjected(failure)) {
        throw new IllegalStateException(name + " of " + key + " failed", failure);
      }
      counters.add("faults", "failing loader");
    }
  }

  /**
   * Whether the caller's own loader brought a value, now or before in the same transaction. The
   * transaction keeps its loads, because a second load would read the same view.
   * TransactionLoadsModelTest judges when a kept value may answer.
   */
  private boolean isOfOwnLoad(Value value, boolean called, @Nullable StoreTransaction transaction) {
    if (transaction == null) {
      return called;
    }
    Set<Value> own =
        transactionLoads.computeIfAbsent(
            transaction, first -> Collections.newSetFromMap(new IdentityHashMap<>()));
    return (called && own.add(value)) || own.contains(value);
  }

  /** Under which name a read is counted. */
  static String counted(Path path, Around around) {
    return around == Around.NOTHING ? path.name() : path + " in " + around;
  }

  private static @Nullable Value ask(ConvergenceNode node, Key key, Path path) throws Exception {
    Cache cache = node.cache(key);
    return switch (path) {
      case CACHEABLE -> node.shop().cacheable(key);
      case CACHEABLE_SYNC -> node.shop().cacheableSync(key);
      case FUTURE -> await(node.shop().future(key));
      case FUTURE_SYNC -> await(node.shop().futureSync(key));
      case MONO -> await(node.shop().mono(key).toFuture());
      case GET_WITH_LOADER -> cache.get(key, () -> node.loaders().load(key));
      case RETRIEVE_WITH_SUPPLIER ->
          await(cache.retrieve(key, () -> node.loaders().loadLater(key)));
      case LOOKUP -> cache.get(key, Value.class);
    };
  }

  private static Value await(CompletableFuture<Value> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(LONGEST_SECONDS, TimeUnit.SECONDS);
  }

  private static boolean isInjected(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof Loaders.LoaderFailure) {
        return true;
      }
    }
    return false;
  }
}

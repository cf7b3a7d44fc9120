package io.github.cacheinvalidation.convergence;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The database that all nodes share: versions of products, snapshots, and transactions of which the
 * last to commit wins. A read sees all of its products at one moment.
 */
final class Store {

  private final AtomicLong numbers = new AtomicLong();

  private final History history;

  private final Object committing = new Object();

  /** Never changed; a commit puts another array in place. */
  private volatile Version[] newest;

  /** Of each node, slot and product the newest version that others told Redis of. */
  private final Version[][][] accepted = new Version[Settings.MOST_NODES][Key.SLOTS][];

  Store(History history) {
    this.history = history;
    Version[] first = new Version[Key.PRODUCTS];
    for (int product = 0; product < first.length; product++) {
      first[product] = new Version(product, numbers.incrementAndGet(), null);
      first[product].status(Version.Status.COMMITTED);
    }
    newest = first;
    for (Version[][] ofNode : accepted) {
      Arrays.setAll(ofNode, slot -> first.clone());
    }
  }

  long nextNumber() {
    return numbers.incrementAndGet();
  }

  /** Returns the transaction of the calling thread, if it is in one. */
  @Nullable StoreTransaction current() {
    return (StoreTransaction) TransactionSynchronizationManager.getResource(this);
  }

  /** Returns the newest versions; not to be changed. */
  Version[] newest() {
    return newest;
  }

  /** Reads products, as the calling thread's transaction sees them if it is in one. */
  Value read(Key key) {
    StoreTransaction transaction = current();
    int[] products = key.products();
    Version[] seen = new Version[products.length];
    Version[] now = newest;
    for (int i = 0; i < products.length; i++) {
      seen[i] = transaction == null ? now[products[i]] : transaction.read(products[i], now);
    }
    return new Value(seen);
  }

  /** Changes a product: in the transaction of the calling thread, otherwise at once. */
  Version write(int product) {
    StoreTransaction transaction = current();
    if (transaction == null) {
      return writeApart(product);
    }
    Version version = new Version(product, nextNumber(), transaction);
    transaction.write(version);
    return version;
  }

  /** Changes a product at once, over another connection than that of a transaction. */
  Version writeApart(int product) {
    Version version = new Version(product, nextNumber(), null);
    commit(List.of(version));
    return version;
  }

  void commit(Collection<Version> written) {
    if (written.isEmpty()) {
      return;
    }
    synchronized (committing) {
      Version[] next = newest.clone();
      for (Version version : written) {
        version.commitAfter(next[version.product()]);
        next[version.product()] = version;
      }
      newest = next;
    }
    long now = System.nanoTime();
    for (Version version : written) {
      version.committedBy(now);
      history.committed(now, version);
    }
  }

  /**
   * Between two moments Redis accepted the message of a node that a key is stale. The message goes
   * to the other nodes. The writer evicted its own entry when it wrote, which may be long before.
   */
  void accepted(int sender, Key key, long began, long ended) {
    synchronized (accepted) {
      for (int node = 0; node < Settings.MOST_NODES; node++) {
        if (node != sender) {
          accepted(key, node, began, ended);
        }
      }
    }
  }

  private void accepted(Key key, int node, long began, long ended) {
    int slot = key.slot();
    for (int product : key.products()) {
      Version version = accepted[node][slot][product].next();
      while (version != null && version.committedBy() != 0 && version.committedBy() - began <= 0) {
        version.accepted(slot, node, ended);
        accepted[node][slot][product] = version;
        version = version.next();
      }
    }
  }

  /**
   * Returns a key of which Redis was not told that it is stale; null if there is none. The writer's
   * message reaches all nodes but one.
   */
  @Nullable Key notAccepted() {
    Version[] now = newest;
    synchronized (accepted) {
      for (int slot = 0; slot < Key.SLOTS; slot++) {
        for (int product = 0; product < Key.PRODUCTS; product++) {
          int nodes = 0;
          for (Version[][] ofNode : accepted) {
            nodes += ofNode[slot][product] == now[product] ? 1 : 0;
          }
          if (nodes < Settings.MOST_NODES - 1) {
            return Key.stale(product, slot);
          }
        }
      }
    }
    return null;
  }
}

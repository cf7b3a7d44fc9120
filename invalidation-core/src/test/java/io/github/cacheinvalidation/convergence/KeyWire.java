package io.github.cacheinvalidation.convergence;

import io.github.cacheinvalidation.KeyCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/**
 * How the keys of one node travel. The text of a key also says which commits of its products there
 * had been when the message was written; a node that has applied it must not answer from before
 * them. Writing a canary shows that the evictions of its transaction are on their way.
 */
final class KeyWire implements KeyCodec<Key> {

  /** A key that a message named, with the commits that it covers. */
  record Named(Key key, long[] ordinals) {}

  private final String node;

  private final Store store;

  private final Judge judge;

  /** The thread's last keys: a thread that reads a message also applies it, cache by cache. */
  private final ThreadLocal<List<Named>> named = ThreadLocal.withInitial(ArrayList::new);

  /** The thread's last message: the writer reads it back to compare it, without applying it. */
  private final ThreadLocal<@Nullable String> written = new ThreadLocal<>();

  KeyWire(String node, Store store, Judge judge) {
    this.node = node;
    this.store = store;
    this.judge = judge;
  }

  @Override
  public Class<Key> type() {
    return Key.class;
  }

  @Override
  public String name() {
    return "key";
  }

  @Override
  public String encode(Key key) {
    StoreTransaction transaction = key.transaction();
    if (transaction != null && transaction.phase() == StoreTransaction.Phase.ACTIVE) {
      judge.violated("G2", node, key, "published although " + transaction + " has not ended");
    }
    Version[] newest = store.newest();
    StringBuilder text = new StringBuilder().append(key.kind()).append(':').append(key.id());
    for (int product : key.products()) {
      text.append(':').append(newest[product].ordinal());
    }
    written.set(text.toString());
    return text.toString();
  }

  @Override
  public Key decode(String text) {
    StringTokenizer parts = new StringTokenizer(text, ":");
    Key key = Key.of(parts.nextToken().charAt(0), Long.parseLong(parts.nextToken()));
    long[] ordinals = new long[key.products().length];
    for (int i = 0; i < ordinals.length; i++) {
      ordinals[i] = Long.parseLong(parts.nextToken());
    }
    if (!text.equals(written.get())) {
      named.get().add(new Named(key, ordinals));
    }
    return key;
  }

  /** Takes the keys of a cache that the calling thread has read since its last call. */
  List<Named> takeNamed(String cache) {
    List<Named> taken =
        named.get().stream().filter(each -> each.key().cache().equals(cache)).toList();
    named.remove();
    return taken;
  }
}

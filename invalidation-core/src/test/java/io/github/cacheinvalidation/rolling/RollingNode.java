package io.github.cacheinvalidation.rolling;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node of any version of this library, with the events that a test asks for. */
public interface RollingNode extends AutoCloseable {

  /** Starts the node, and waits until it has joined. */
  void join();

  /** Stops the node. Its writes then wait until it joins again. */
  void stop();

  /** Reads a value from a cache; a value that is absent there comes from the database. */
  @Nullable Object read(String cache, Object key);

  /** Returns whether a cache holds a value of a key. */
  boolean holds(String cache, Object key);

  /** Evicts keys, as one message where that is possible. */
  void evict(String cache, Object... keys);

  /** Clears a cache. */
  void clear(String cache);

  /** Lets all attempts to subscribe fail, or lets them succeed again. */
  void failSubscriptions(boolean failing);

  /** Returns how many keys wait to be published. */
  int pendingKeys();

  /** Returns how often a subscription was made. */
  int subscriptions();

  /** Returns how many checks were answered. */
  int checks();

  /** Returns the reasons of all clears, in order. */
  List<String> clears();

  /** Returns all that a healthy node does not report: what is unreadable, refused, or lost. */
  List<String> troubles();

  /** Returns how many messages were read from the log because the feed had not delivered them. */
  int replayed();

  @Override
  void close();
}

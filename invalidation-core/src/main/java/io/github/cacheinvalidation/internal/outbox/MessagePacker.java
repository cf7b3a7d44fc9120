package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.key.KeyEncoder;
import io.github.cacheinvalidation.internal.key.Refusal;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Packs stale keys into messages within the limits. A message is full at its number of keys or at
 * 64 KiB. A key that is longer than 16 KiB or not encodable invalidates its whole cache.
 */
final class MessagePacker {

  static final int MAX_KEY_BYTES = 16 * 1024;

  static final int MAX_MESSAGE_BYTES = 64 * 1024;

  /** With fewer keys than this, whole numbers are written as readable digits. */
  static final int FEWEST_PACKED = 64;

  private static final int NAME_OVERHEAD_BYTES = 6;

  private static final byte[] NO_FRAGMENT = {};

  private static final Logger log = LoggerFactory.getLogger(MessagePacker.class);

  private final KeyEncoder encoder;

  private final int maxKeys;

  private final InvalidationObserver observer;

  MessagePacker(KeyEncoder encoder, int maxKeys, InvalidationObserver observer) {
    this.encoder = encoder;
    this.maxKeys = Math.min(maxKeys, Invalidation.MOST_KEYS);
    this.observer = observer;
  }

  /** Packs stale keys and caches. Passes on each message as soon as it is full. */
  void pack(List<Invalidation.OfCache<Object>> contents, Consumer<EncodedMessage> message) {
    Packing packing = new Packing(message);
    for (Invalidation.OfCache<Object> stale : contents) {
      packing.add(stale);
    }
    packing.close();
  }

  /** A node refuses such cache names; this check only keeps the sender from failing on one. */
  private boolean hasName(String cache) {
    try {
      BodyWriter.requireName(cache);
      return true;
    } catch (IllegalArgumentException unnameable) {
      observer.keyNotEncodable(cache, String.class);
      log.error("A message cannot carry this cache name, so other nodes stay stale", unnameable);
      return false;
    }
  }

  private final class Packing {

    private final Consumer<EncodedMessage> target;

    private List<Invalidation.OfCache<byte[]>> message = new ArrayList<>();

    private int keyCount;

    private int bytes;

    Packing(Consumer<EncodedMessage> target) {
      this.target = target;
    }

    void add(Invalidation.OfCache<Object> stale) {
      int nameBytes = stale.cache().getBytes(StandardCharsets.UTF_8).length + NAME_OVERHEAD_BYTES;
      if (!hasName(stale.cache())) {
        return;
      }
      if (stale instanceof Invalidation.Keys<Object> some) {
        addSome(some, nameBytes);
      } else {
        addWhole(stale.cache(), nameBytes);
      }
    }

    private void addSome(Invalidation.Keys<Object> stale, int nameBytes) {
      boolean packing = stale.keys().size() >= FEWEST_PACKED;
      EncodedKeys encoded = new EncodedKeys();
      for (Object key : stale.keys()) {
        Number number = packing ? encoder.wholeNumber(key) : null;
        byte[] fragment = number == null ? encode(key) : NO_FRAGMENT;
        if (fragment == null || fragment.length > MAX_KEY_BYTES) {
          reportUnencodable(stale.cache(), key, fragment);
          addWhole(stale.cache(), nameBytes);
          return;
        }
        int more = encoded.mostBytesWith(fragment) + nameBytes;
        int keys = keyCount + encoded.count();
        if (bytes + encoded.count() > 0 && (keys == maxKeys || bytes + more > MAX_MESSAGE_BYTES)) {
          addKeys(stale.cache(), nameBytes, encoded);
          close();
          encoded = new EncodedKeys();
        }
        encoded.add(fragment, number);
      }
      addKeys(stale.cache(), nameBytes, encoded);
    }

    private void addWhole(String cache, int nameBytes) {
      if (bytes > 0 && bytes + nameBytes > MAX_MESSAGE_BYTES) {
        close();
      }
      bytes += nameBytes;
      message.add(new Invalidation.Whole<>(cache));
    }

    /** Returns null if the key is not encodable, or if application code threw an error. */
    private byte @Nullable [] encode(Object key) {
      try {
        return encoder.encode(key);
      } catch (RuntimeException | Error broken) {
        log.debug("Encoding a key of type {} threw an exception", key.getClass().getName(), broken);
        return null;
      }
    }

    private void addKeys(String cache, int nameBytes, EncodedKeys encoded) {
      if (encoded.count() > 0) {
        bytes += encoded.mostBytes() + nameBytes;
        keyCount += encoded.count();
        message.add(encoded.toWire(cache));
      }
    }

    void close() {
      if (!message.isEmpty()) {
        target.accept(new EncodedMessage(message, keyCount));
        message = new ArrayList<>();
      }
      keyCount = 0;
      bytes = 0;
    }

    private void reportUnencodable(String cache, Object key, byte @Nullable [] fragment) {
      if (fragment == null) {
        Refusal refusal = encoder.refusal(key);
        observer.keyNotEncodable(cache, key.getClass(), refusal.part(), refusal.reason());
      } else {
        observer.keyTooLong(cache, key.getClass(), fragment.length, MAX_KEY_BYTES);
      }
      if (log.isDebugEnabled()) {
        log.debug(
            "A key of type {} in cache '{}' has {}, so the whole cache is invalidated",
            key.getClass().getName(),
            cache,
            fragment == null ? "no encoding" : fragment.length + " bytes");
      }
    }
  }
}

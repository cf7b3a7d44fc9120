package io.github.cacheinvalidation.internal.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.KeyCodec;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import io.github.cacheinvalidation.internal.message.Message;
import io.github.cacheinvalidation.internal.message.MessageReader;
import io.github.cacheinvalidation.internal.message.UnreadableMessageException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Messages between nodes, for tests. */
public final class Wire {

  private static final MessageReader READER = new MessageReader(List.of());

  private Wire() {}

  /** Sends a key of one node to another that has the same codecs. */
  static WireKey send(Object key, KeyCodec<?>... codecs) {
    byte[] fragment = new KeyEncoder(List.of(codecs)).encode(key);
    assertThat(fragment).as("encoded form of %s", key).isNotNull();
    byte[] body =
        new BodyWriter("node", "id")
            .write(List.of(new Invalidation.Keys<>("cache", List.of(fragment))));
    return only(read(body));
  }

  /** Reads a key that was written by hand. */
  static WireKey key(String json) {
    return only(
        read("{\"v\":1,\"from\":\"n/i\",\"body\":1,\"caches\":{\"cache\":[" + json + "]}}"));
  }

  public static Message read(String json) {
    return read(json.getBytes(StandardCharsets.UTF_8));
  }

  public static Message read(byte[] payload) {
    try {
      return READER.read(payload, false);
    } catch (UnreadableMessageException e) {
      throw new AssertionError("should be readable", e);
    }
  }

  /** Returns the types of a cache in which these keys were looked up. */
  public static KeyTypes used(Object... keys) {
    return usedWith(List.of(SampleKeys.SKU), keys);
  }

  static KeyTypes usedWith(List<KeyCodec<?>> codecs, Object... keys) {
    KeyTypes types = new KeyTypes(codecs);
    for (Object key : keys) {
      types.register(key);
    }
    return types;
  }

  private static WireKey only(Message message) {
    assertThat(message.invalidations()).hasSize(1);
    Invalidation.Keys<WireKey> keys = (Invalidation.Keys<WireKey>) message.invalidations().get(0);
    assertThat(keys.keys()).hasSize(1);
    return keys.keys().iterator().next();
  }
}

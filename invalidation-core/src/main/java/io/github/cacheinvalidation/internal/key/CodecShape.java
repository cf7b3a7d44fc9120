package io.github.cacheinvalidation.internal.key;

import io.github.cacheinvalidation.KeyCodec;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The shape of the keys of one codec. */
record CodecShape(KeyCodec<?> codec, Codecs codecs) implements Shape {

  static final String KIND = "codec";

  private static final Logger log = LoggerFactory.getLogger(CodecShape.class);

  @Override
  public boolean covers(Object key) {
    return codecs.of(key.getClass()) == codec;
  }

  @Override
  public @Nullable Object build(WireKey key, boolean open) {
    if (key instanceof WireValue.Coded coded) {
      return coded.codec().equals(codec.name()) ? decode(coded.text()) : NO_KEY;
    }
    String text = open ? WireValue.textOf(key) : null;
    Object built = text == null ? NO_KEY : decode(text);
    return built == UNBUILDABLE ? NO_KEY : built;
  }

  private Object decode(String text) {
    try {
      Object key = codec.decode(text);
      return codec.type().isInstance(key) ? key : UNBUILDABLE;
    } catch (Exception | LinkageError | StackOverflowError e) {
      log.trace("Key codec '{}' could not decode a key", codec.name(), e);
      return UNBUILDABLE;
    }
  }

  @Override
  public void forEachName(Consumer<NamedType> action) {
    action.accept(new NamedType(KIND, codec.name()));
  }

  @Override
  public boolean saidByClass() {
    return true;
  }
}

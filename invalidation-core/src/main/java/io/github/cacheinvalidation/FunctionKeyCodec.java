package io.github.cacheinvalidation;

import java.util.Objects;
import java.util.function.Function;

/** A codec made from two functions. */
record FunctionKeyCodec<T>(
    String name,
    Class<T> type,
    Function<? super T, String> encoder,
    Function<String, ? extends T> decoder)
    implements KeyCodec<T> {

  FunctionKeyCodec {
    Objects.requireNonNull(name, "'name' must not be null");
    Objects.requireNonNull(type, "'type' must not be null");
    Objects.requireNonNull(encoder, "'encode' must not be null");
    Objects.requireNonNull(decoder, "'decode' must not be null");
  }

  @Override
  public String encode(T key) {
    return encoder.apply(key);
  }

  @Override
  public T decode(String text) {
    return decoder.apply(text);
  }
}

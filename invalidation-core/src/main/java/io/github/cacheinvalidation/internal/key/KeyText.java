package io.github.cacheinvalidation.internal.key;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A key as a text for a person, the same on each node, and the hash of this text. */
public final class KeyText {

  private static final int LONGEST = 100;

  private static final int HASH_BYTES = 8;

  private KeyText() {}

  /**
   * Returns a text for a key of a message: a scalar as a person would type it, other keys by their
   * parts.
   */
  public static String of(WireKey key) {
    String scalar = WireValue.textOf(key);
    if (scalar != null) {
      return scalar;
    }
    if (key instanceof WireValue.Sequence list) {
      return parts("[", list.elements());
    }
    if (key instanceof WireValue.SimpleKeyValue list) {
      return parts("SimpleKey[", list.elements());
    }
    if (key instanceof WireValue.EnumConstant constant) {
      return constant.constant();
    }
    if (key instanceof WireValue.RecordValue object) {
      return parts(simpleName(object.className()) + "[", object.components());
    }
    if (key instanceof WireValue.ObjectValue object) {
      return parts(simpleName(object.className()) + "[", object.components());
    }
    if (key instanceof WireValue.Compound compound) {
      return parts(compound.form() + "[", compound.parts());
    }
    if (key instanceof WireValue.Coded coded) {
      return coded.text();
    }
    if (key instanceof WireValue.Local local) {
      return ofLocal(local.key());
    }
    return key == WireValue.Null.NULL ? "null" : "(unknown)";
  }

  /**
   * Returns the same for a key of the application.
   *
   * @param encoder the encoder of the node
   */
  public static String of(Object key, KeyEncoder encoder) {
    byte @Nullable [] encoded = encoder.encode(key);
    return encoded == null ? key.getClass().getName() : of(WireKeyParser.read(encoded));
  }

  /** Returns the key, or the first keys of a list that one element stands for. */
  public static List<WireKey> first(WireKey key, int most) {
    if (!(key instanceof WireValue.Packed packed)) {
      return List.of(key);
    }
    return IntStream.range(0, Math.min(most, packed.size()))
        .<WireKey>mapToObj(index -> new WireValue.Whole(packed.number(index)))
        .toList();
  }

  /**
   * Returns whether a key can be kept as it is: a short scalar, or a key that a reader of the
   * application made and whose methods are not called for a message.
   */
  public static boolean isKeepable(WireKey key) {
    String scalar = WireValue.textOf(key);
    return scalar == null ? key instanceof WireValue.Local : scalar.length() <= LONGEST;
  }

  /** Returns the beginning of a text that is too long to be shown. */
  public static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
  }

  /** Returns the first eight bytes of the SHA-256 of a text in UTF-8, in hexadecimal digits. */
  public static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every Java platform has SHA-256", impossible);
    }
  }

  private static String ofLocal(Object key) {
    try {
      return String.valueOf(key);
    } catch (RuntimeException | StackOverflowError broken) {
      return key.getClass().getName();
    }
  }

  private static String parts(String begin, List<WireKey> parts) {
    return parts.stream().map(KeyText::of).collect(Collectors.joining(", ", begin, "]"));
  }

  /** Returns the name of a class as the wire has it, without package and digest. */
  private static String simpleName(String className) {
    int digest = className.indexOf('#');
    String name = digest < 0 ? className : className.substring(0, digest);
    return name.substring(name.lastIndexOf('.') + 1);
  }
}

package io.github.cacheinvalidation.internal.key;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
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
    String text = withoutParts(key);
    if (text != null) {
      return text;
    }
    if (key instanceof WireValue.Unknown || key instanceof WireValue.Packed) {
      return "(unknown)";
    }
    return parts(key).stream()
        .map(KeyText::of)
        .collect(Collectors.joining(", ", name(key) + "[", "]"));
  }

  /** Returns the text of a key without parts; null for any other key. */
  static @Nullable String withoutParts(WireKey key) {
    if (key instanceof WireValue.EnumConstant constant) {
      return constant.constant();
    }
    if (key instanceof WireValue.Coded coded) {
      return coded.text();
    }
    if (key instanceof WireValue.Local local) {
      return ofLocal(local.key());
    }
    return key == WireValue.Null.NULL ? "null" : WireValue.textOf(key);
  }

  /** Returns the parts of a key, in the order of the message; empty if it has none. */
  static List<WireKey> parts(WireKey key) {
    if (key instanceof WireValue.Sequence sequence) {
      return sequence.elements();
    }
    if (key instanceof WireValue.SimpleKeyValue simple) {
      return simple.elements();
    }
    if (key instanceof WireValue.RecordValue values) {
      return values.components();
    }
    if (key instanceof WireValue.ObjectValue object) {
      return object.components();
    }
    return key instanceof WireValue.Compound compound ? compound.parts() : List.of();
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

  /** Returns the first keys of a message, each by itself; one element can stand for many keys. */
  public static List<WireKey> first(Collection<WireKey> keys, int most) {
    List<WireKey> first = new ArrayList<>(Math.min(most, keys.size()));
    Iterator<WireKey> rest = keys.iterator();
    while (rest.hasNext() && first.size() < most) {
      WireKey key = rest.next();
      if (key instanceof WireValue.Packed packed) {
        int count = Math.min(packed.size(), most - first.size());
        for (int i = 0; i < count; i++) {
          first.add(new WireValue.Whole(packed.number(i)));
        }
      } else {
        first.add(key);
      }
    }
    return first;
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

  /** Returns what stands before the parts of a key; empty for a list. */
  private static String name(WireKey key) {
    if (key instanceof WireValue.SimpleKeyValue) {
      return "SimpleKey";
    }
    if (key instanceof WireValue.RecordValue values) {
      return simpleName(values.className());
    }
    if (key instanceof WireValue.ObjectValue object) {
      return simpleName(object.className());
    }
    return key instanceof WireValue.Compound compound ? compound.form().toString() : "";
  }

  /** Returns the name of a class as the wire has it, without package and digest. */
  private static String simpleName(String className) {
    int digest = className.indexOf('#');
    String name = digest < 0 ? className : className.substring(0, digest);
    return name.substring(name.lastIndexOf('.') + 1);
  }
}

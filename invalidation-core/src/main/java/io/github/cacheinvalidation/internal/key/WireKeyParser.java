package io.github.cacheinvalidation.internal.key;

import io.github.cacheinvalidation.Invalidation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads any JSON value as a wire key. A value that is not a key of this format is read too; it is
 * not refused.
 */
public final class WireKeyParser {

  /** A whole number of at most this many characters, sign included, fits a long. */
  private static final int DIGITS_OF_A_LONG = 18;

  private WireKeyParser() {}

  /** Reads a key that a {@link KeyEncoder} wrote. */
  public static WireKey read(byte[] encoded) {
    try (JsonParser json = Json.parser(encoded)) {
      if (json.nextToken() == JsonToken.NOT_AVAILABLE) {
        json.nextToken(); // a number at the end needs a second call
      }
      return read(json);
    }
  }

  /** Reads the parser's current value. Afterwards the parser is at the value's last token. */
  public static WireKey read(JsonParser json) {
    JsonToken token = json.currentToken();
    return switch (token) {
      case VALUE_STRING -> new WireValue.Text(json.getString());
      case VALUE_NUMBER_INT -> readWhole(json);
      case VALUE_NUMBER_FLOAT -> new WireValue.Fraction(json.getString());
      case VALUE_TRUE -> new WireValue.Bool(true);
      case VALUE_FALSE -> new WireValue.Bool(false);
      case VALUE_NULL -> WireValue.Null.NULL;
      case START_ARRAY -> new WireValue.Sequence(readArray(json));
      case START_OBJECT -> readObject(json);
      default -> throw new IllegalStateException("not the first token of a JSON value: " + token);
    };
  }

  private static WireKey readWhole(JsonParser json) {
    int length = json.getStringLength();
    if (length <= DIGITS_OF_A_LONG) {
      return new WireValue.Whole(parse(json.getStringCharacters(), json.getStringOffset(), length));
    }
    return json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        ? new WireValue.BigWhole(json.getBigIntegerValue())
        : new WireValue.Whole(json.getLongValue());
  }

  /** The parser has checked that the text is an optional minus sign and digits. */
  private static long parse(char[] text, int begin, int length) {
    boolean negative = text[begin] == '-';
    long value = 0;
    for (int i = negative ? 1 : 0; i < length; i++) {
      value = value * 10 + (text[begin + i] - '0');
    }
    return negative ? -value : value;
  }

  private static List<WireKey> readArray(JsonParser json) {
    List<WireKey> elements = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      elements.add(read(json));
    }
    return elements;
  }

  private static WireKey readObject(JsonParser json) {
    if (json.nextToken() == JsonToken.END_OBJECT) {
      return new WireValue.Unknown("");
    }
    String tag = json.currentName();
    JsonToken first = json.nextToken();
    boolean packed = first == JsonToken.VALUE_STRING && tag.equals(PackedNumbers.TAG);
    boolean object = first == JsonToken.START_ARRAY && tag.equals(ClassLayout.KIND);
    WireKey value = packed ? readPacked(json) : object ? readFields(json) : read(json);
    if (json.nextToken() == JsonToken.END_OBJECT) {
      return packed || object ? value : interpret(tag, value);
    }
    do {
      json.nextToken();
      json.skipChildren();
    } while (json.nextToken() != JsonToken.END_OBJECT);
    return new WireValue.Unknown(tag);
  }

  private static WireKey readPacked(JsonParser json) {
    long[] numbers = PackedNumbers.read(json.getString(), Invalidation.MOST_KEYS);
    return numbers == null
        ? new WireValue.Unknown(PackedNumbers.TAG)
        : new WireValue.Packed(numbers);
  }

  /** Reads an array of a class name and an object with the fields. */
  private static WireKey readFields(JsonParser json) {
    String className = null;
    List<String> names = new ArrayList<>();
    List<WireKey> components = new ArrayList<>();
    int elements = 0;
    boolean fields = false;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      elements++;
      if (elements == 1 && json.currentToken() == JsonToken.VALUE_STRING) {
        className = json.getString();
      } else if (elements == 2 && json.currentToken() == JsonToken.START_OBJECT) {
        fields = true;
        while (json.nextToken() != JsonToken.END_OBJECT) {
          names.add(json.currentName());
          json.nextToken();
          components.add(read(json));
        }
      } else {
        json.skipChildren();
      }
    }
    return className == null || !fields || elements != 2
        ? new WireValue.Unknown(ClassLayout.KIND)
        : new WireValue.ObjectValue(className, names, components);
  }

  private static WireKey interpret(String tag, WireKey value) {
    if (value instanceof WireValue.Text text && ScalarType.isTag(tag)) {
      return new WireValue.Tagged(tag, text.value());
    }
    CompoundForm form = CompoundForm.withTag(tag);
    if (form != null) {
      List<WireKey> parts = parts(form, value);
      return parts == null ? new WireValue.Unknown(tag) : new WireValue.Compound(form, parts);
    }
    if (value instanceof WireValue.Sequence sequence) {
      List<WireKey> parts = sequence.elements();
      if (tag.equals("key")) {
        return new WireValue.SimpleKeyValue(parts);
      }
      if (parts.size() == 2 && parts.get(0) instanceof WireValue.Text name) {
        return named(tag, name.value(), parts.get(1));
      }
    }
    return new WireValue.Unknown(tag);
  }

  private static @Nullable List<WireKey> parts(CompoundForm form, WireKey value) {
    if (form == CompoundForm.OPTIONAL) {
      return List.of(value);
    }
    if (!(value instanceof WireValue.Sequence sequence)) {
      return null;
    }
    List<WireKey> parts = sequence.elements();
    return switch (form) {
      case MAP -> pairs(parts);
      case ENTRY -> parts.size() == 2 ? parts : null;
      default -> parts;
    };
  }

  /** Returns the elements of all pairs, or null if an element is no pair. */
  private static @Nullable List<WireKey> pairs(List<WireKey> entries) {
    List<WireKey> parts = new ArrayList<>(2 * entries.size());
    for (WireKey entry : entries) {
      if (!(entry instanceof WireValue.Sequence pair) || pair.elements().size() != 2) {
        return null;
      }
      parts.addAll(pair.elements());
    }
    return parts;
  }

  private static WireKey named(String tag, String name, WireKey value) {
    if (value instanceof WireValue.Text text) {
      if (tag.equals("enum")) {
        return new WireValue.EnumConstant(name, text.value());
      }
      if (tag.equals("codec")) {
        return new WireValue.Coded(name, text.value());
      }
    }
    if (value instanceof WireValue.Sequence components && tag.equals("record")) {
      return new WireValue.RecordValue(name, components.elements());
    }
    return new WireValue.Unknown(tag);
  }
}

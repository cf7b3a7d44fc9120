package io.github.cacheinvalidation.internal.key;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.async.ByteArrayFeeder;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/** Creates JSON parsers and generators, and defines the JSON limits of a message. */
public final class Json {

  static final int MAX_DEPTH = 32;
  static final int MAX_NUMBER_LENGTH = 100;
  static final int MAX_STRING_LENGTH = 1 << 20;

  /**
   * The largest nesting depth of a key; a scalar alone has depth 1. A record takes three levels of
   * JSON, a scalar with a name two, and the envelope three: at most 26 of {@link #MAX_DEPTH}.
   */
  static final int MAX_KEY_DEPTH = 8;

  private Json() {}

  /**
   * Returns a parser for a complete text. The parser keeps no table of property names, because
   * Jackson would copy that table for each message with a new name. Of Jackson's byte parsers, only
   * the non-blocking one can work without that table.
   */
  public static JsonParser parser(byte[] json) {
    JsonParser parser =
        Factory.INSTANCE.createNonBlockingByteArrayParser(ObjectReadContext.empty());
    ByteArrayFeeder feeder = (ByteArrayFeeder) parser.nonBlockingInputFeeder();
    feeder.feedInput(json, 0, endWithoutBlanks(json));
    feeder.endOfInput();
    return parser;
  }

  /** Drops trailing blanks: after them the parser would first report that it needs more input. */
  private static int endWithoutBlanks(byte[] json) {
    int end = json.length;
    while (end > 0 && isBlank(json[end - 1])) {
      end--;
    }
    return end;
  }

  private static boolean isBlank(byte each) {
    return each == ' ' || each == '\n' || each == '\r' || each == '\t';
  }

  static JsonFactory factory() {
    return Factory.INSTANCE;
  }

  static JsonGenerator generator(OutputStream out) {
    return Factory.INSTANCE.createGenerator(ObjectWriteContext.empty(), out);
  }

  /** Returns a text as a quoted JSON string in UTF-8. */
  public static byte[] quote(String text) {
    byte[] escaped;
    try {
      escaped = JsonStringEncoder.getInstance().quoteAsUTF8(text);
    } catch (IllegalArgumentException e) {
      return quoteWithLoneSurrogates(text);
    }
    byte[] quoted = new byte[escaped.length + 2];
    System.arraycopy(escaped, 0, quoted, 1, escaped.length);
    quoted[0] = '"';
    quoted[quoted.length - 1] = '"';
    return quoted;
  }

  /** A lone surrogate has no UTF-8 form. The generator escapes it; the encoder refuses it. */
  private static byte[] quoteWithLoneSurrogates(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = generator(out)) {
      json.writeString(text);
    }
    return out.toByteArray();
  }

  /** Created at first use, so that the start need not load the many classes of the factory. */
  private static final class Factory {

    private static final JsonFactory INSTANCE =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxStringLength(MAX_STRING_LENGTH)
                    .build())
            .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();
  }
}

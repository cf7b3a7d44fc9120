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

/** How this package reads and writes JSON, and the limits that a message has to keep. */
public final class Json {

  static final int MAX_DEPTH = 32;
  static final int MAX_NUMBER_LENGTH = 100;
  static final int MAX_STRING_LENGTH = 1 << 20;

  /**
   * How deep the values of a key may nest; a scalar alone is one deep. A record takes three levels
   * of JSON, a scalar with a name two, the envelope three: at most 26 of {@link #MAX_DEPTH}.
   */
  static final int MAX_KEY_DEPTH = 8;

  private Json() {}

  /**
   * Returns a parser of bytes that are all there. It keeps no names: a table of them would be
   * copied for each message that has a new one. Of the parsers of bytes only the one that is fed
   * can do without that table.
   */
  public static JsonParser parser(byte[] json) {
    JsonParser parser =
        Factory.INSTANCE.createNonBlockingByteArrayParser(ObjectReadContext.empty());
    ByteArrayFeeder feeder = (ByteArrayFeeder) parser.nonBlockingInputFeeder();
    feeder.feedInput(json, 0, endWithoutBlanks(json));
    feeder.endOfInput();
    return parser;
  }

  /** Behind blanks the parser would say that it waits for more before it says that this is all. */
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

  /** Returns a text as a JSON string in UTF-8. */
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

  /**
   * Half a surrogate pair has no UTF-8: the generator escapes it, which the encoder refuses to do.
   */
  private static byte[] quoteWithLoneSurrogates(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = generator(out)) {
      json.writeString(text);
    }
    return out.toByteArray();
  }

  /** Made when it is needed first, since it takes many classes, for which no start has to wait. */
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

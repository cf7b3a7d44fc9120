package io.github.cacheinvalidation.wire;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/** How this package reads and writes JSON, and the limits that a message has to keep. */
final class Json {

  static final int MAX_DEPTH = 32;
  static final int MAX_NUMBER_LENGTH = 100;
  static final int MAX_STRING_LENGTH = 1 << 20;

  /**
   * How many lists, records and SimpleKeys a key may have around its innermost value, itself
   * included. A record takes three levels of JSON, the envelope three more: 27 of {@link
   * #MAX_DEPTH}.
   */
  static final int MAX_KEY_DEPTH = 8;

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER_LENGTH)
                  .maxStringLength(MAX_STRING_LENGTH)
                  .build())
          .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
          .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private Json() {}
}

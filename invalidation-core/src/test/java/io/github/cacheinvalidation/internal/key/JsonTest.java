package io.github.cacheinvalidation.internal.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamFactory.Feature;

@Tag("G7")
class JsonTest {

  @Tag("G7.15")
  @Test
  void namesFromOutside_areNotKept() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      names.addAll(names("{\"name-" + i % 10 + "\":{\"a\":1},\"a\":2}"));
    }

    Set<String> objects = Collections.newSetFromMap(new IdentityHashMap<>());
    objects.addAll(names);
    assertThat(objects).hasSameSizeAs(names);
    assertThat(Json.factory().isEnabled(Feature.CANONICALIZE_PROPERTY_NAMES)).isFalse();
    assertThat(Json.factory().isEnabled(Feature.INTERN_PROPERTY_NAMES)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "7", "-7", "-0.5", "0.5", "-1e9", "1E+9", "-12345678901234567890"})
  void numbers_areReadAsTheyAreWritten(String number) {
    try (JsonParser json = parser("[" + number + "]")) {
      json.nextToken();
      json.nextToken();
      assertThat(json.getString()).isEqualTo(number);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n", " \t\r\n "})
  void blanksBehindAValue_areItsEnd(String blanks) {
    try (JsonParser json = parser("{}" + blanks)) {
      assertThat(json.nextToken()).isEqualTo(JsonToken.START_OBJECT);
      assertThat(json.nextToken()).isEqualTo(JsonToken.END_OBJECT);
      assertThat(json.nextToken()).isNull();
    }
  }

  private static List<String> names(String text) {
    List<String> names = new ArrayList<>();
    try (JsonParser json = parser(text)) {
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.PROPERTY_NAME) {
          names.add(json.currentName());
        }
      }
    }
    return names;
  }

  private static JsonParser parser(String text) {
    return Json.parser(text.getBytes(StandardCharsets.UTF_8));
  }
}

package io.github.cacheinvalidation.internal.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.cacheinvalidation.internal.key.KeyTypes.Matches;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.cache.interceptor.SimpleKey;

/** How the constructor of an immutable class is found, and what is said where there is none. */
@Tag("G7")
class ConstructorsTest {

  private static final String EQUALS =
      """
      @Override public boolean equals(Object o) {
        return o instanceof Key k && java.util.Objects.equals(a, k.a)
            && java.util.Objects.equals(b, k.b);
      }
      @Override public int hashCode() { return java.util.Objects.hash(a, b); }
      """;

  private static final String FIELDS = "private final String a; private final String b;";

  @TempDir private Path folder;

  private final KeyEncoder encoder = new KeyEncoder(List.of());

  private Class<?> type(String body, String... options) throws Exception {
    return Compiled.load(folder, "Key", "public class Key {" + body + EQUALS + "}", options);
  }

  private static Object make(Class<?> type, Object... arguments) throws Exception {
    for (Constructor<?> each : type.getDeclaredConstructors()) {
      if (each.getParameterCount() == arguments.length) {
        each.setAccessible(true);
        return each.newInstance(arguments);
      }
    }
    throw new AssertionError("no constructor of " + type + " for " + List.of(arguments));
  }

  /** Returns the key as it is written, without the digest of its fields. */
  private String encode(Object key) {
    byte[] encoded = encoder.encode(key);
    assertThat(encoded).as("encoded form").isNotNull();
    return new String(encoded, StandardCharsets.UTF_8).replaceFirst("#[0-9a-f]{8}", "");
  }

  private static void assertReadBack(Object key) {
    assertThat(Wire.used(key).match(Wire.send(key))).isEqualTo(new Matches(List.of(key), false));
  }

  @Test
  void namesInTheClassFile_findTheField() throws Exception {
    Class<?> type =
        type(FIELDS + "private Key(String b, String a) {this.a=a; this.b=b;}", "-parameters");
    Object key = make(type, "x", "y");

    assertThat(encode(key)).isEqualTo("{\"object\":[\"Key\",{\"b\":\"x\",\"a\":\"y\"}]}");
    assertReadBack(key);
  }

  @Test
  void namesInTheAnnotation_findTheField() throws Exception {
    Object key =
        make(
            type(
                FIELDS
                    + "@java.beans.ConstructorProperties({\"b\", \"a\"})"
                    + "Key(String x, String y) {this.a=y; this.b=x;}"),
            "x",
            "y");

    assertThat(encode(key)).isEqualTo("{\"object\":[\"Key\",{\"b\":\"x\",\"a\":\"y\"}]}");
    assertReadBack(key);
  }

  @Test
  void withoutNames_theTypesInTheOrderOfTheFieldsDecide() throws Exception {
    Object key = make(type(FIELDS + "Key(String x, String y) {a=x; b=y;}"), "x", "y");

    assertThat(encode(key)).isEqualTo("{\"object\":[\"Key\",{\"a\":\"x\",\"b\":\"y\"}]}");
    assertReadBack(key);
  }

  @Tag("G7.12")
  @Test
  void withoutNames_aConstructorInAnotherOrderIsNoticed() throws Exception {
    Class<?> type = type(FIELDS + "Key(String x, String y) {a=y; b=x;}");
    Object key = make(type, "x", "y");

    assertThat(encoder.encode(key)).isNull();
    assertThat(encoder.refusal(key).reason()).contains("constructor", "field a");
    assertReadBack(make(type, "x", "x"));
    assertThat(
            Wire.used(make(type, "x", "x"))
                .match(Wire.key("{\"object\":[\"Key\",{\"a\":\"1\",\"b\":\"2\"}]}")))
        .as("a receiver compares too")
        .isEqualTo(new Matches(List.of(), true));
  }

  @Test
  void constructorOfAllFields_winsOverSmallerOnes() throws Exception {
    Class<?> type =
        type(
            FIELDS + "Key(String a) {this(a, \"\");} Key(String x, String y) {a=x; b=y;}",
            "-parameters");

    assertReadBack(make(type, "x", "y"));
    assertReadBack(make(type, "x"));
  }

  @Test
  void derivedField_isNotSent() throws Exception {
    Class<?> type = type(FIELDS + "Key(String a) {this.a=a; this.b=a + a;}", "-parameters");

    assertThat(encode(make(type, "x"))).isEqualTo("{\"object\":[\"Key\",{\"a\":\"x\"}]}");
    assertReadBack(make(type, "x"));
  }

  @Test
  void constructorWithMoreFields_winsOverASmallerOne_alsoIfAFieldIsDerived() throws Exception {
    Class<?> type =
        type(
            FIELDS
                + "private final String both;"
                + "Key(String a) {this(a, \"\");}"
                + "Key(String a, String b) {this.a=a; this.b=b; this.both=a + b;}",
            "-parameters");

    assertThat(encode(make(type, "x", "y")))
        .isEqualTo("{\"object\":[\"Key\",{\"a\":\"x\",\"b\":\"y\"}]}");
    assertReadBack(make(type, "x", "y"));
  }

  static Stream<Arguments> refused() {
    String two = "Key(String a, String b) {this.a=a; this.b=b;}";
    return Stream.of(
        arguments(
            FIELDS + "Key(String text) {a=text; b=text;} ",
            "has no constructor with the parameters a, b"),
        arguments(
            "final String a=\"\"; final String b=\"\";",
            "has no constructor with the parameters a, b"),
        arguments("private String a; final String b;" + two, "has the field a, which is not final"),
        arguments(
            "final String a=\"\"; final int b=0; Key(String a) {} Key(int b) {}",
            "has several constructors that take fields: (a) and (b)"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void classWithoutSuchAConstructor_isRefusedWithTheReason(String body, String reason)
      throws Exception {
    Class<?> type = type(body, "-parameters");

    assertThat(ClassLayout.of(type)).isNull();
    assertThat(ClassLayout.refusal(type)).isEqualTo(reason);
  }

  @Test
  void classOfAClosedModule_isRefusedWithTheReason() throws Exception {
    Compiled.compile(
        folder,
        List.of("module-info", "closed.Key"),
        List.of(
            "module closed { exports closed; }",
            "package closed; public class Key { private final String a = \"\", b = \"\";"
                + " public Key(String a, String b) {}"
                + EQUALS
                + "}"),
        "-parameters");
    ModuleLayer boot = ModuleLayer.boot();
    Configuration closed =
        boot.configuration().resolve(ModuleFinder.of(folder), ModuleFinder.of(), Set.of("closed"));
    Class<?> type =
        boot.defineModulesWithOneLoader(closed, null).findLoader("closed").loadClass("closed.Key");
    Object key = make(type, "x", "y");

    assertThat(encoder.encode(key)).isNull();
    assertThat(encoder.refusal(new SimpleKey(key, 1L)))
        .isEqualTo(new Refusal(type, "is in a module that does not open its package"));
    assertThat(Wire.used(key, 1L).match(Wire.key("{\"object\":[\"closed.Key\",{}]}")).keys())
        .isEmpty();
  }
}

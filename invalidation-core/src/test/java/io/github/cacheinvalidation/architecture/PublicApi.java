package io.github.cacheinvalidation.architecture;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Executable;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Renders the types and members that an application may use, one a line. The types below a package
 * named {@code internal} are not meant for applications, so they are left out.
 */
final class PublicApi {

  private PublicApi() {}

  static List<String> of(Path classes) {
    List<String> lines = new ArrayList<>();
    for (Path file : Checkout.files(classes, ".class")) {
      Class<?> type = load(classes.relativize(file).toString());
      if (!type.isSynthetic() && isVisible(type)) {
        lines.add(describe(type));
        members(type).map(member -> "  " + shorten(member, type)).sorted().forEach(lines::add);
      }
    }
    return lines;
  }

  static Set<String> topLevelTypesOf(Path classes) {
    return Checkout.files(classes, ".class").stream()
        .map(file -> load(classes.relativize(file).toString()))
        .filter(type -> type.getEnclosingClass() == null && isVisible(type))
        .map(Class::getName)
        .collect(Collectors.toSet());
  }

  private static Class<?> load(String file) {
    String name = file.substring(0, file.length() - ".class".length()).replaceAll("[/\\\\]", ".");
    try {
      return Class.forName(name, false, PublicApi.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isVisible(Class<?> type) {
    Class<?> enclosing = type.getEnclosingClass();
    return isOpen(type.getModifiers())
        && !type.getPackageName().contains(".internal")
        && (enclosing == null || isVisible(enclosing));
  }

  private static boolean isOpen(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static String describe(Class<?> type) {
    String parents =
        Stream.concat(
                Stream.ofNullable(type.getGenericSuperclass()),
                Arrays.stream(type.getGenericInterfaces()))
            .map(Type::getTypeName)
            .filter(name -> !name.equals("java.lang.Object"))
            .collect(Collectors.joining(", "));
    return type.toGenericString() + (parents.isEmpty() ? "" : " : " + parents);
  }

  private static Stream<String> members(Class<?> type) {
    Stream<String> fields =
        Arrays.stream(type.getDeclaredFields())
            .filter(field -> isVisible(field, type))
            .map(field -> field.toGenericString() + nullable(field.getAnnotatedType(), ""));
    Stream<String> executables =
        Stream.<Executable>concat(
                Arrays.stream(type.getDeclaredConstructors()),
                Arrays.stream(type.getDeclaredMethods()))
            .filter(executable -> isVisible(executable, type))
            .map(executable -> executable.toGenericString() + nullness(executable));
    return Stream.concat(fields, executables);
  }

  private static String shorten(String member, Class<?> type) {
    return member
        .replace(type.getTypeName() + ".", "")
        .replaceAll("java\\.lang\\.(?=[A-Z])", "")
        .replace("io.github.cacheinvalidation.", "");
  }

  private static boolean isVisible(Member member, Class<?> type) {
    boolean generated =
        type.isRecord() && member instanceof Method && Modifier.isFinal(member.getModifiers());
    return !member.isSynthetic()
        && !generated
        && (Modifier.isPublic(member.getModifiers())
            || (Modifier.isProtected(member.getModifiers())
                && !Modifier.isFinal(type.getModifiers())));
  }

  private static String nullness(Executable executable) {
    StringBuilder nullness = new StringBuilder(nullable(executable.getAnnotatedReturnType(), ""));
    AnnotatedType[] parameters = executable.getAnnotatedParameterTypes();
    for (int i = 0; i < parameters.length; i++) {
      nullness.append(nullable(parameters[i], " parameter " + (i + 1)));
    }
    return nullness.toString();
  }

  private static String nullable(AnnotatedType type, String what) {
    return type.isAnnotationPresent(Nullable.class) ? " @Nullable" + what : "";
  }
}

package io.github.cacheinvalidation.internal.key;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds the fields that make up the keys of an immutable class. */
final class FinalFields {

  private FinalFields() {}

  /**
   * Returns the instance fields of a class that are not transient, those of its superclasses first.
   *
   * @throws NotCanonicalException if the class is not immutable, or its keys equal only themselves
   */
  static List<Field> of(Class<?> type) throws NotCanonicalException {
    if (isOfTheJdk(type)) {
      throw new NotCanonicalException("is a class of the JDK that messages do not support");
    }
    if (Modifier.isAbstract(type.getModifiers())) {
      throw new NotCanonicalException("is abstract");
    }
    if (type.isHidden()
        || type.isAnonymousClass()
        || type.isLocalClass()
        || (type.isMemberClass() && !Modifier.isStatic(type.getModifiers()))) {
      throw new NotCanonicalException("is a lambda, or a local, anonymous or inner class");
    }
    if (hasIdentity(type)) {
      throw new NotCanonicalException("does not override equals, so it equals only itself");
    }
    List<Field> fields = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Class<?> each : fromTheTop(type)) {
      for (Field field : each.getDeclaredFields()) {
        if (isComponent(field)) {
          if (!names.add(field.getName())) {
            throw new NotCanonicalException("has two fields with the name " + field.getName());
          }
          fields.add(field);
        }
      }
    }
    return fields;
  }

  private static Deque<Class<?>> fromTheTop(Class<?> type) {
    Deque<Class<?>> classes = new ArrayDeque<>();
    for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
      classes.addFirst(each);
    }
    return classes;
  }

  private static boolean isComponent(Field field) throws NotCanonicalException {
    int modifiers = field.getModifiers();
    if (Modifier.isStatic(modifiers)) {
      return false;
    }
    if (isOfTheJdk(field.getDeclaringClass())) {
      throw new NotCanonicalException(
          "extends %s, which has fields".formatted(field.getDeclaringClass().getName()));
    }
    if (Modifier.isTransient(modifiers)) {
      return false;
    }
    if (!Modifier.isFinal(modifiers)) {
      throw new NotCanonicalException(
          "has the field %s, which is not final".formatted(field.getName()));
    }
    return true;
  }

  private static boolean isOfTheJdk(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader == null || loader == ClassLoader.getPlatformClassLoader();
  }

  private static boolean hasIdentity(Class<?> type) throws NotCanonicalException {
    try {
      return type.getMethod("equals", Object.class).getDeclaringClass() == Object.class;
    } catch (NoSuchMethodException e) { // in a native image without a hint
      throw new NotCanonicalException("cannot be read by reflection");
    }
  }
}

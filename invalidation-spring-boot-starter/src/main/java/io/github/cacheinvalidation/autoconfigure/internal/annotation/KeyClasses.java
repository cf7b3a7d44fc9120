package io.github.cacheinvalidation.autoconfigure.internal.annotation;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/**
 * Collects the classes of an application whose objects can be keys or parts of keys: enums, records
 * and classes whose fields are all final, with the classes of their parts, of type arguments, and
 * of what a sealed type permits. A class with a field that can change, such as an entity, is no key
 * and is not looked into. Confined to one thread.
 */
public final class KeyClasses {

  private final Set<Class<?>> found = new LinkedHashSet<>();

  private final Set<ResolvableType> seen = new HashSet<>();

  /** Adds the classes of a type. */
  public void add(ResolvableType type) {
    if (!seen.add(type)) {
      return;
    }
    for (ResolvableType argument : type.getGenerics()) {
      add(argument);
    }
    Class<?> resolved = type.resolve();
    if (resolved == null) {
      return;
    }
    if (type.isArray()) {
      add(type.getComponentType());
    } else if (!resolved.isPrimitive() && !resolved.getName().startsWith("java.")) {
      addClass(type, resolved);
    }
  }

  /** Returns the classes in the order in which they were found. */
  public Set<Class<?>> found() {
    return found;
  }

  private void addClass(ResolvableType type, Class<?> resolved) {
    if (resolved.isEnum()) {
      found.add(resolved);
    } else if (resolved.isRecord()) {
      if (found.add(resolved)) {
        for (RecordComponent component : resolved.getRecordComponents()) {
          add(ResolvableType.forType(component.getGenericType(), type));
        }
      }
    } else {
      addPermitted(resolved);
      addIfImmutable(type, resolved);
    }
  }

  private void addPermitted(Class<?> resolved) {
    if (resolved.isSealed()) {
      for (Class<?> permitted : resolved.getPermittedSubclasses()) {
        add(ResolvableType.forClass(permitted));
      }
    }
  }

  private void addIfImmutable(ResolvableType type, Class<?> resolved) {
    if (resolved.isInterface() || Modifier.isAbstract(resolved.getModifiers())) {
      return;
    }
    List<Field> fields = finalFields(resolved);
    if (fields != null && !fields.isEmpty() && found.add(resolved)) {
      for (Field field : fields) {
        found.add(field.getDeclaringClass()); // perhaps a superclass
        add(ResolvableType.forField(field, type));
      }
    }
  }

  /** Returns the fields that belong to the keys of a class; null if one of them is not final. */
  private static @Nullable List<Field> finalFields(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
      for (Field field : each.getDeclaredFields()) {
        if ((field.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) == 0) {
          if (!Modifier.isFinal(field.getModifiers())) {
            return null;
          }
          fields.add(field);
        }
      }
    }
    return fields;
  }
}

package io.github.cacheinvalidation.internal.key;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.util.ClassUtils;

/**
 * The constructor of an immutable class that takes the class's fields. In this order, it is
 *
 * <ol>
 *   <li>the constructor whose parameters have the names of all fields. Spring finds the names: in
 *       the annotation {@code ConstructorProperties}, in the class file, or in Kotlin's metadata
 *   <li>the constructor whose parameters have the types of all fields, in order
 *   <li>the constructor with the most parameters of those whose parameters all have the name of a
 *       field. The class derives its other fields from these
 * </ol>
 *
 * @param constructor the constructor
 * @param fields for each parameter its field
 * @param named whether the names of the parameters say which field each of them is
 */
record CanonicalConstructor(Constructor<?> constructor, List<Field> fields, boolean named) {

  /**
   * Finds the constructor.
   *
   * @param fields the fields of the class
   * @throws NotCanonicalException if there is none, or several fit equally well
   */
  static CanonicalConstructor of(Class<?> type, List<Field> fields) throws NotCanonicalException {
    List<CanonicalConstructor> widest = widestByName(type, fields);
    if (widest.size() == 1 && widest.get(0).fields.size() == fields.size()) {
      return widest.get(0);
    }
    Class<?>[] types = fields.stream().map(Field::getType).toArray(Class<?>[]::new);
    for (Constructor<?> each : type.getDeclaredConstructors()) {
      if (types.length > 0 && Arrays.equals(each.getParameterTypes(), types)) {
        return new CanonicalConstructor(each, fields, false);
      }
    }
    if (widest.size() != 1) {
      throw new NotCanonicalException(widest.isEmpty() ? missing(fields) : ambiguous(widest));
    }
    return widest.get(0);
  }

  /** Returns the constructors with the most parameters, all of which have the name of a field. */
  private static List<CanonicalConstructor> widestByName(Class<?> type, List<Field> fields) {
    List<CanonicalConstructor> widest = new ArrayList<>();
    int most = 0;
    for (Constructor<?> each : type.getDeclaredConstructors()) {
      List<Field> taken = fieldsByName(each, fields);
      if (taken != null && taken.size() >= most && (!taken.isEmpty() || fields.isEmpty())) {
        if (taken.size() > most) {
          widest.clear();
        }
        most = taken.size();
        widest.add(new CanonicalConstructor(each, taken, true));
      }
    }
    return widest;
  }

  private static @Nullable List<Field> fieldsByName(Constructor<?> constructor, List<Field> all) {
    String[] names = parameterNames(constructor);
    if (names == null || new HashSet<>(Arrays.asList(names)).size() < names.length) {
      return null;
    }
    List<Field> fields = new ArrayList<>(names.length);
    for (int i = 0; i < names.length; i++) {
      Class<?> type = constructor.getParameterTypes()[i];
      for (Field field : all) {
        if (field.getName().equals(names[i]) && ClassUtils.isAssignable(type, field.getType())) {
          fields.add(field);
        }
      }
    }
    return fields.size() == names.length ? fields : null;
  }

  /** Returns the names of the parameters, or null if nothing says them. */
  private static String @Nullable [] parameterNames(Constructor<?> constructor) {
    try {
      return BeanUtils.getParameterNames(constructor);
    } catch (VirtualMachineError e) {
      throw e;
    } catch (RuntimeException | Error e) { // no names, or Kotlin's reflection failed
      return null;
    }
  }

  private static String missing(List<Field> fields) {
    return fields.isEmpty()
        ? "has no constructor without parameters"
        : "has no constructor with the parameters " + names(fields);
  }

  private static String ambiguous(List<CanonicalConstructor> best) {
    return best.stream()
        .map(each -> "(" + names(each.fields) + ")")
        .sorted()
        .collect(Collectors.joining(" and ", "has several constructors that take fields: ", ""));
  }

  private static String names(List<Field> fields) {
    return fields.stream().map(Field::getName).collect(Collectors.joining(", "));
  }
}

package io.github.cacheinvalidation.internal.key;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cache.interceptor.SimpleKey;

/**
 * The shape of the records, or of the objects, of one class.
 *
 * @param layout takes the keys apart and creates them
 * @param components the shapes of their components
 * @param declared for each component, whether its declared type alone determines its shape
 */
record RecordShape(Layout layout, List<Shape> components, List<Boolean> declared) implements Shape {

  private static final Logger log = LoggerFactory.getLogger(RecordShape.class);

  @Override
  public boolean covers(Object key) {
    if (key.getClass() != layout.type()) {
      return false;
    }
    try {
      for (int i = 0; i < components.size(); i++) {
        if (!declared.get(i) && !components.get(i).coversPart(layout.component(key, i))) {
          return false;
        }
      }
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  @Override
  public @Nullable Object build(WireKey key, boolean open) {
    if (key instanceof WireValue.RecordValue record) {
      return isNamed(RecordLayout.KIND, record.className())
          ? build(record.components(), open)
          : NO_KEY;
    }
    if (key instanceof WireValue.ObjectValue object) {
      return isNamed(ClassLayout.KIND, object.className()) ? build(object, open) : NO_KEY;
    }
    if (open && key instanceof WireValue.Sequence sequence) {
      Object built = build(sequence.elements(), true);
      return built == UNBUILDABLE ? NO_KEY : built;
    }
    return NO_KEY;
  }

  private boolean isNamed(String kind, String className) {
    return kind.equals(layout.kind()) && layout.isNamed(className);
  }

  /** Brings the fields of a message into the order of the constructor. */
  private Object build(WireValue.ObjectValue object, boolean open) {
    if (object.names().size() != layout.size()) {
      return UNBUILDABLE;
    }
    List<WireKey> parts = new ArrayList<>(layout.size());
    for (int i = 0; i < layout.size(); i++) {
      int index = object.names().indexOf(layout.componentName(i));
      if (index < 0) {
        return UNBUILDABLE;
      }
      parts.add(object.components().get(index));
    }
    return build(parts, open);
  }

  private Object build(List<WireKey> parts, boolean open) {
    if (parts.size() != components.size()) {
      return UNBUILDABLE;
    }
    @Nullable Object[] built = new @Nullable Object[parts.size()];
    boolean unused = false;
    boolean ambiguous = false;
    for (int i = 0; i < built.length; i++) {
      WireKey part = parts.get(i);
      built[i] = components.get(i).buildPart(part, open);
      if (built[i] == UNBUILDABLE || (built[i] == null && layout.componentType(i).isPrimitive())) {
        return UNBUILDABLE;
      }
      if (built[i] == NO_KEY) {
        if (!canHold(i, part)) {
          return UNBUILDABLE;
        }
        unused = true;
      }
      ambiguous |= built[i] instanceof PossibleKeys;
    }
    if (unused) {
      return NO_KEY;
    }
    return ambiguous ? PossibleKeys.create(built, this::create) : create(built);
  }

  /**
   * Returns whether a component of this node's class can hold a value like the wire value, although
   * no key used here has such a value. If not, the writing node has another version of the class.
   */
  private boolean canHold(int index, WireKey part) {
    Shape component = components.get(index);
    if (declared.get(index)) {
      return component instanceof ScalarShape scalar && scalar.isForm(part);
    }
    Class<?> type = layout.componentType(index);
    if (type.isRecord()) {
      RecordLayout layoutOfRecord = RecordLayout.of(type);
      return part instanceof WireValue.RecordValue record
          && layoutOfRecord != null
          && layoutOfRecord.isNamed(record.className());
    }
    ClassLayout nested = ClassLayout.of(type);
    if (nested != null) {
      return part instanceof WireValue.ObjectValue object && nested.isNamed(object.className());
    }
    if (part instanceof WireValue.Sequence) {
      return type.isAssignableFrom(List.class);
    }
    if (part instanceof WireValue.SimpleKeyValue) {
      return type.isAssignableFrom(SimpleKey.class);
    }
    if (part instanceof WireValue.Compound compound) {
      return canHold(type, compound.form());
    }
    return !List.class.isAssignableFrom(type)
        && type != SimpleKey.class
        && CompoundForm.ofType(type) == null;
  }

  private static boolean canHold(Class<?> type, CompoundForm form) {
    return switch (form) {
      case SET -> type.isAssignableFrom(Set.class);
      case MAP -> type.isAssignableFrom(Map.class);
      case ENTRY -> type.isAssignableFrom(Map.Entry.class);
      case ARRAY -> type.isArray() || type == Object.class;
      case OPTIONAL -> OptionalShape.isOptional(type) || type == Object.class;
    };
  }

  private Object create(@Nullable Object[] parts) {
    try {
      return layout.create(parts);
    } catch (Exception | LinkageError | StackOverflowError e) {
      log.trace("A key of {} could not be created", layout.type().getName(), e);
      return UNBUILDABLE;
    }
  }

  @Override
  public void forEachName(Consumer<NamedType> action) {
    action.accept(new NamedType(layout.kind(), layout.name()));
    action.accept(new NamedType(layout.kind(), layout.type().getName()));
    components.forEach(component -> component.forEachName(action));
  }

  @Override
  public @Nullable Shape merge(Shape other) {
    List<Shape> merged =
        other instanceof RecordShape record
                && record.layout == layout
                && record.declared.equals(declared)
            ? Shape.mergeParts(components, record.components)
            : null;
    return merged == null ? null : new RecordShape(layout, merged, declared);
  }

  @Override
  public boolean isAnotherWidthOf(Shape other) {
    return other instanceof RecordShape record
        && record.layout == layout
        && Shape.haveAnotherWidth(components, record.components);
  }

  @Override
  public boolean saidByClass() {
    return declared.stream().allMatch(Boolean::booleanValue);
  }
}

package io.github.cacheinvalidation.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cache.interceptor.SimpleKey;

/**
 * The types of the keys that are used in one cache on this node, and the only way from the wire to
 * a key: what is not used here is never built here. Safe for use by many threads; {@link #register}
 * takes no lock once the type of a key is known.
 *
 * <p>A type is known by its <em>shape</em>: the class of a key, and for lists, {@code SimpleKey}s
 * and records the shapes of their parts. At most {@value #MAX_SHAPES} shapes other than scalars are
 * kept; beyond that, a wire key that is no plain scalar counts as one of an unknown type.
 */
public final class KeyTypes {

  static final int MAX_SHAPES = 64;

  private static final int MAX_CLASSES = 256;
  private static final Logger log = LoggerFactory.getLogger(KeyTypes.class);

  /**
   * What a wire key can mean.
   *
   * @param keys the keys, possibly none
   * @param unknownType whether the key can also be one that this node is not able to build, so that
   *     the cache must be cleared here if it holds anything
   */
  public record Matches(List<Object> keys, boolean unknownType) {

    private static final Matches NONE = new Matches(List.of(), false);
    private static final Matches UNKNOWN = new Matches(List.of(), true);

    public Matches {
      keys = List.copyOf(keys);
    }

    private static Matches of(List<Object> keys, boolean unknownType) {
      if (keys.isEmpty()) {
        return unknownType ? UNKNOWN : NONE;
      }
      return new Matches(keys, unknownType);
    }
  }

  /** All that is known, never changed. The first class is apart since mostly it is the only one. */
  private record Known(
      @Nullable Class<?> first,
      Set<Class<?>> classes,
      List<Shape> shapes,
      int compounds,
      Set<Shape.NamedType> names,
      boolean overflow,
      @Nullable ScalarShape onlyScalar) {

    static final Known NOTHING = of(null, Set.of(), List.of(), 0, Set.of(), false);

    static Known of(
        @Nullable Class<?> first,
        Set<Class<?>> classes,
        List<Shape> shapes,
        int compounds,
        Set<Shape.NamedType> names,
        boolean overflow) {
      ScalarShape only =
          shapes.size() == 1 && shapes.get(0) instanceof ScalarShape scalar ? scalar : null;
      return new Known(first, classes, shapes, compounds, names, overflow, only);
    }

    boolean saysClass(Class<?> type) {
      return type == first || classes.contains(type);
    }

    boolean covers(Object key) {
      for (Shape shape : shapes) {
        if (shape.covers(key)) {
          return true;
        }
      }
      return false;
    }
  }

  private final Shapes kinds;
  private final LongSupplier clock;
  private volatile long completeSince;
  private final Object lock = new Object();
  private volatile Known known = Known.NOTHING;

  /**
   * Creates the types of a cache that has none yet.
   *
   * @param codecs the codecs of the application, the same as those of the {@link KeyEncoder}
   * @param clock moves a logical clock on and returns its time
   * @throws IllegalArgumentException if two codecs have the same name or type
   */
  public KeyTypes(List<? extends KeyCodec<?>> codecs, LongSupplier clock) {
    this.kinds = new Shapes(new Codecs(codecs));
    this.clock = clock;
  }

  /**
   * Creates the types of a cache that has none yet, where nobody asks since when they are complete.
   *
   * @param codecs the codecs of the application
   */
  public KeyTypes(List<? extends KeyCodec<?>> codecs) {
    this(codecs, () -> 0);
  }

  /**
   * Returns the time of the clock since which every type that is known now has been known. What was
   * matched before can have meant a key whose type was not known yet.
   */
  public long completeSince() {
    return completeSince;
  }

  /**
   * Makes the type of a key known. A key that cannot be encoded changes nothing: no node can send
   * it.
   *
   * @param key a key that is looked up in the cache
   */
  public void register(Object key) {
    if (known.saysClass(key.getClass())) {
      return;
    }
    try {
      if (known.covers(key)) {
        return;
      }
      Shape shape = kinds.of(key);
      if (shape != null) {
        add(key.getClass(), shape);
      }
    } catch (Exception | LinkageError | StackOverflowError e) {
      log.debug("A key of {} has no type for the wire", key.getClass().getName(), e);
    }
  }

  /**
   * Returns an equal key that stays as it is now: lists are copied, those inside lists and {@code
   * SimpleKey}s included, since callers use them again while the key still waits to be published.
   *
   * @param key a key
   * @return the key itself where nothing has to be copied
   */
  public Object lasting(Object key) {
    if (key instanceof List<?> list) {
      return kinds.hasCodec(key) ? key : copy(list);
    }
    @Nullable Object[] elements =
        key.getClass() == SimpleKey.class ? SimpleKeys.elements((SimpleKey) key) : null;
    return elements == null || Arrays.stream(elements).noneMatch(List.class::isInstance)
        ? key
        : new SimpleKey(copy(Arrays.asList(elements)).toArray());
  }

  private List<@Nullable Object> copy(List<?> list) {
    List<@Nullable Object> copy = new ArrayList<>(list.size());
    for (Object each : list) {
      copy.add(each == null ? null : lasting(each));
    }
    return Collections.unmodifiableList(copy);
  }

  private void add(Class<?> type, Shape shape) {
    synchronized (lock) {
      Known now = known;
      boolean compound = !(shape instanceof ScalarShape);
      if (compound && now.compounds >= MAX_SHAPES) {
        if (!now.overflow) {
          known = Known.of(now.first, now.classes, now.shapes, now.compounds, now.names, true);
        }
        return;
      }
      List<Shape> shapes = new ArrayList<>(now.shapes);
      boolean fresh = !shapes.contains(shape);
      if (fresh) {
        shapes.add(shape);
      }
      Set<Shape.NamedType> names = new HashSet<>(now.names);
      shape.forEachName(names::add);
      Class<?> first = now.first;
      Set<Class<?>> classes = new HashSet<>(now.classes);
      if (shape.saidByClass() && classes.size() < MAX_CLASSES) {
        classes.add(type);
        first = first == null ? type : first;
      }
      int compounds = now.compounds + (compound && fresh ? 1 : 0);
      completeSince = fresh ? Long.MAX_VALUE : completeSince;
      known = Known.of(first, classes, List.copyOf(shapes), compounds, names, now.overflow);
      completeSince = fresh ? clock.getAsLong() : completeSince;
    }
  }

  /**
   * Returns the only key that a typed key of a node can mean here, quickly.
   *
   * @param key the key on the wire
   * @return the key; null if {@link #match} has to be asked
   */
  public @Nullable Object matchOnly(WireKey key) {
    ScalarShape only = known.onlyScalar;
    if (only == null || !WireValue.isScalar(key)) {
      return null;
    }
    Object built = only.build(key, false);
    return built == Shape.UNBUILDABLE || built == Shape.NO_KEY ? null : built;
  }

  /**
   * Returns the keys that a typed key of a node can mean here.
   *
   * @param key the key on the wire
   * @return the keys of the types used here
   */
  public Matches match(WireKey key) {
    return match(key, false);
  }

  /**
   * Returns the keys that a key from outside can mean here. It is tried as every type used here: 7
   * and "7" are both the Long 7 and the String "7".
   *
   * @param key the key on the wire
   * @return the keys of the types used here
   */
  public Matches matchOpen(WireKey key) {
    return match(key, true);
  }

  /** Returns whether strings are keys here. */
  public boolean usesStrings() {
    for (Shape shape : known.shapes) {
      if ((shape instanceof ScalarShape scalar && scalar.type() == String.class)
          || (shape instanceof CodecShape coded && coded.codec().type() == String.class)) {
        return true;
      }
    }
    return false;
  }

  private Matches match(WireKey key, boolean open) {
    if (key instanceof WireValue.Local local) {
      return new Matches(List.of(local.key()), false);
    }
    if (key instanceof WireValue.Packed packed && !open) {
      return matchAll(packed);
    }
    Known now = known;
    List<Object> keys = List.of();
    boolean unbuildable = false;
    for (Shape shape : now.shapes) {
      Object built = shape.build(key, open);
      if (built == Shape.UNBUILDABLE) {
        unbuildable = true;
      } else if (built != null && built != Shape.NO_KEY) {
        keys = plus(keys, built);
      }
    }
    boolean unknown =
        (unbuildable && keys.isEmpty())
            || (now.overflow && (open || !WireValue.isScalar(key)))
            || UnknownParts.has(key, open, now.names);
    return Matches.of(keys, unknown);
  }

  private Matches matchAll(WireValue.Packed packed) {
    ScalarShape only = known.onlyScalar;
    List<Object> keys = new ArrayList<>(packed.size());
    boolean unknown = false;
    for (int i = 0; i < packed.size(); i++) {
      Object quickly = only == null ? null : only.buildWhole(packed.number(i));
      if (quickly != null) {
        keys.add(quickly);
      } else {
        Matches matches = match(new WireValue.Whole(packed.number(i)), false);
        keys.addAll(matches.keys());
        unknown |= matches.unknownType();
      }
    }
    return Matches.of(keys, unknown);
  }

  private static List<Object> plus(List<Object> keys, Object key) {
    if (keys.isEmpty()) {
      return List.of(key);
    }
    List<Object> more = new ArrayList<>(keys);
    more.add(key);
    return more;
  }
}

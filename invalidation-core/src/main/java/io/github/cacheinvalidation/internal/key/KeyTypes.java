package io.github.cacheinvalidation.internal.key;

import io.github.cacheinvalidation.KeyCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
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
 * and records the shapes of their parts. Shapes that differ only where one of them has been null so
 * far are one, since null fits every shape. At most {@value #MAX_SHAPES} shapes other than scalars
 * are kept; beyond that, a wire key that is no plain scalar counts as one of an unknown type.
 */
public final class KeyTypes {

  static final int MAX_SHAPES = 64;

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

  private final Shapes kinds;
  private final KeyEncoder encoder;
  private final LongSupplier lastNamed;
  private volatile long completeSince;
  private final Object lock = new Object();
  private volatile KnownTypes known = KnownTypes.NOTHING;

  /**
   * Creates the types of a cache that has none yet.
   *
   * @param codecs the codecs of the application, the same as those of the {@link KeyEncoder}
   * @param lastNamed returns when keys of the cache were named last, by a message or a write here;
   *     noted before the keys are matched
   * @throws IllegalArgumentException if two codecs have the same name or type
   */
  public KeyTypes(List<? extends KeyCodec<?>> codecs, LongSupplier lastNamed) {
    Codecs all = new Codecs(codecs);
    this.kinds = new Shapes(all);
    this.encoder = new KeyEncoder(all);
    this.lastNamed = lastNamed;
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
   * Returns when keys were named last before the types of now were known. What was named until then
   * can have meant a key whose type was not known yet; what was named later was matched with all
   * types. The types are published first and the moment is read then; whoever names keys notes the
   * moment first and reads the types then. So one of them sees the other.
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
   * Returns the other keys that a key means on every other node: those used here that have the same
   * form on the wire but do not equal it, such as numbers of another width. Fast where the type of
   * the key is known and no other width of it is used.
   *
   * @param key a key
   * @return the other keys; none for a key that cannot be encoded
   */
  public List<Object> synonyms(Object key) {
    KnownTypes now = known;
    if (now.shapes().isEmpty() || (!now.severalWidths() && now.saysClass(key.getClass()))) {
      return List.of();
    }
    try {
      byte[] encoded = !now.severalWidths() && now.covers(key) ? null : encoder.encode(key);
      return encoded == null
          ? List.of()
          : match(WireKeyParser.read(encoded), false).keys().stream()
              .filter(other -> !other.equals(key))
              .toList();
    } catch (Exception | LinkageError | StackOverflowError e) {
      log.debug("A key of {} has no synonyms", key.getClass().getName(), e);
      return List.of();
    }
  }

  /**
   * Returns an equal key that stays as it is now: lists are copied, those inside lists and {@code
   * SimpleKey}s included, since callers use them again while the key still waits to be published.
   *
   * @param key a key
   * @return the key itself where nothing has to be copied, or where a copy of it is not equal
   */
  public Object lasting(Object key) {
    if (key instanceof List<?> list) {
      return kinds.hasCodec(key) ? key : copyIfEqual(list);
    }
    @Nullable Object[] elements =
        key.getClass() == SimpleKey.class ? SimpleKeys.elements((SimpleKey) key) : null;
    return elements == null || Arrays.stream(elements).noneMatch(List.class::isInstance)
        ? key
        : new SimpleKey(copy(Arrays.asList(elements)).toArray());
  }

  /** A subclass of a list can have an equality of its own; then a copy is another key. */
  private Object copyIfEqual(List<?> key) {
    List<@Nullable Object> copy = copy(key);
    return copy.equals(key) && key.equals(copy) && copy.hashCode() == key.hashCode() ? copy : key;
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
      KnownTypes more = known.plus(type, shape);
      boolean fresh = !more.shapes().equals(known.shapes()) || more.overflow() != known.overflow();
      completeSince = fresh ? Long.MAX_VALUE : completeSince;
      known = more;
      completeSince = fresh ? lastNamed.getAsLong() : completeSince;
    }
  }

  /**
   * Returns the only key that a typed key of a node can mean here, quickly.
   *
   * @param key the key on the wire
   * @return the key; null if {@link #match} has to be asked
   */
  public @Nullable Object matchOnly(WireKey key) {
    ScalarShape only = known.onlyScalar();
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
    for (Shape shape : known.shapes()) {
      if ((shape instanceof ScalarShape scalar && scalar.type() == String.class)
          || (shape instanceof CodecShape coded && coded.codec().type() == String.class)) {
        return true;
      }
    }
    return false;
  }

  private Matches match(WireKey key, boolean open) {
    if (key instanceof WireValue.Local local) {
      List<Object> all = new ArrayList<>(synonyms(local.key()));
      all.add(local.key());
      return new Matches(all, false);
    }
    if (key instanceof WireValue.Packed packed && !open) {
      return matchAll(packed);
    }
    KnownTypes now = known;
    List<Object> keys = List.of();
    boolean unbuildable = false;
    for (Shape shape : now.shapes()) {
      Object built = shape.build(key, open);
      if (built == Shape.UNBUILDABLE) {
        unbuildable = true;
      } else if (built != null && built != Shape.NO_KEY) {
        keys = plus(keys, built);
      }
    }
    boolean unknown =
        (unbuildable && keys.isEmpty())
            || (now.overflow() && (open || !WireValue.isScalar(key)))
            || UnknownParts.has(key, open, now.names());
    return Matches.of(keys, unknown);
  }

  private Matches matchAll(WireValue.Packed packed) {
    ScalarShape only = known.onlyScalar();
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

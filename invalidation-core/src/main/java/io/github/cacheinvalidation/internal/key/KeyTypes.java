package io.github.cacheinvalidation.internal.key;

import io.github.cacheinvalidation.KeyCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key types that one cache uses on this node. Only this class turns wire keys into keys, so a
 * type that the cache does not use here is never built. Safe for use by many threads. {@link
 * #register} takes no lock if the type of the key is already known.
 *
 * <p>The <em>shape</em> of a key is its class and, for keys that are made of other values, the
 * shapes of their parts. Two shapes that differ only in parts that have been null so far in one of
 * them are merged, because null fits every shape. At most {@value #MAX_SHAPES} shapes other than
 * scalars are kept. Beyond that, a wire key that is not a plain scalar can be of an unknown type.
 */
public final class KeyTypes {

  static final int MAX_SHAPES = 64;

  private static final Logger log = LoggerFactory.getLogger(KeyTypes.class);

  /**
   * The keys that a wire key can mean on this node.
   *
   * @param keys the keys, possibly none
   * @param unknownType whether the wire key can also mean a key that this node cannot build. If so,
   *     the cache must be cleared here unless it is empty
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
  private final LastingCopies copies;
  private final LongSupplier lastNamed;
  private volatile long completeSince;
  private final Object lock = new Object();
  private volatile KnownTypes known = KnownTypes.NOTHING;

  /**
   * Creates an object that knows no types yet.
   *
   * @param codecs the codecs of the application, the same as those of the {@link KeyEncoder}
   * @param lastNamed returns the time when a message or a local write last named keys of the cache;
   *     that time must be set before the keys are matched
   * @throws IllegalArgumentException if two codecs have the same name or type
   */
  public KeyTypes(List<? extends KeyCodec<?>> codecs, LongSupplier lastNamed) {
    Codecs all = new Codecs(codecs);
    this.kinds = new Shapes(all);
    this.encoder = new KeyEncoder(all);
    this.copies = new LastingCopies(all);
    this.lastNamed = lastNamed;
  }

  /**
   * Creates an object that knows no types yet and whose {@link #completeSince} is not used.
   *
   * @param codecs the codecs of the application
   */
  public KeyTypes(List<? extends KeyCodec<?>> codecs) {
    this(codecs, () -> 0);
  }

  /**
   * Returns the time when keys were last named before the newest type was known; {@link
   * Long#MAX_VALUE} while a type is being added. Keys named up to that time can have been of a type
   * not known yet. Keys named later were matched against all types. This class publishes the types
   * first and then reads the time. A thread that names keys sets the time first and then reads the
   * types. So at least one of them sees the other's change.
   */
  public long completeSince() {
    return completeSince;
  }

  /**
   * Adds the type of a key to the known types. A key that cannot be encoded changes nothing,
   * because no node can send it.
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
   * Returns the keys of the types used here that have the same wire form as a key but are not equal
   * to it, such as numbers of another width. Other nodes cannot tell these keys from the given key.
   * Fast if the type of the key is known and no other width is used.
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
   * Returns an equal key that later changes by the caller do not affect. Collections, maps and map
   * entries are copied, and arrays inside {@code SimpleKey}s, at any depth: callers may reuse them
   * while the key still waits for publication.
   *
   * @param key a key
   * @return the copy, or the key itself if nothing must be copied or the copy would not be equal
   */
  public Object lasting(Object key) {
    return known.saysClass(key.getClass()) ? key : copies.of(key);
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
   * Fast path of {@link #match}: returns the only key that a node's wire key can mean here.
   *
   * @param key the wire key, as written by a node
   * @return the key; null if the caller must use {@link #match}
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
   * Returns the keys that a node's wire key can mean here.
   *
   * @param key the wire key, as written by a node
   * @return the keys of the types used here
   */
  public Matches match(WireKey key) {
    return match(key, false);
  }

  /**
   * Returns the keys that the wire key of another program can mean here. The wire key is tried as
   * every type used here: 7 and "7" both mean the Long 7 and the String "7".
   *
   * @param key the wire key, as written by another program
   * @return the keys of the types used here
   */
  public Matches matchOpen(WireKey key) {
    return match(key, true);
  }

  /** Returns whether the cache uses strings as keys here. */
  public boolean usesStrings() {
    for (Shape shape : known.shapes()) {
      if ((shape instanceof ScalarShape scalar && scalar.type() == String.class)
          || (shape instanceof CodecShape coded && coded.codec().type() == String.class)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the types that the cache uses here, as texts for a person, sorted. */
  public List<String> names() {
    KnownTypes now = known;
    List<String> names = new ArrayList<>();
    now.shapes().forEach(shape -> names.add(ShapeNames.of(shape)));
    if (now.overflow()) {
      names.add("others");
    }
    return names.stream().distinct().sorted().toList();
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
      Object built = build(shape, key, open);
      if (built == Shape.UNBUILDABLE) {
        unbuildable = true;
      } else if (built instanceof PossibleKeys possible) {
        for (Object each : possible.keys()) {
          keys = plus(keys, each);
        }
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

  /** A key is built from parts of the application, whose {@code hashCode} can throw. */
  private static @Nullable Object build(Shape shape, WireKey key, boolean open) {
    try {
      return shape.build(key, open);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      log.trace("A key could not be built", e);
      return Shape.UNBUILDABLE;
    }
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

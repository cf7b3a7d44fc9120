package io.github.cacheinvalidation.internal.cache;

import com.github.benmanes.caffeine.cache.Cache;
import java.util.AbstractCollection;
import java.util.AbstractMap;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The entries of the current Caffeine instance, as a map. Caffeine's own map belongs to one
 * instance, and a clear replaces the instance; this map and its views follow.
 *
 * <p>An iterator or stream that began before a clear ends, because its remaining entries are gone.
 * It may still return the one entry that {@code hasNext} has announced. A removal by such an
 * iterator, and {@code setValue} of an entry, change the current instance.
 *
 * <p>Safe for use by any thread; as weakly consistent as Caffeine's map.
 */
final class NativeMap extends AbstractMap<Object, Object> implements ConcurrentMap<Object, Object> {

  private final Supplier<Cache<Object, Object>> current;

  private final Set<Object> keys = new SetView<>(Map::keySet, Entry::getKey);

  private final Collection<Object> values = new View<>(Map::values, Entry::getValue);

  private final Set<Entry<Object, Object>> entries =
      new SetView<>(Map::entrySet, WriteThroughEntry::new);

  /**
   * Creates the map.
   *
   * @param current returns the current instance
   */
  NativeMap(Supplier<Cache<Object, Object>> current) {
    this.current = current;
  }

  private ConcurrentMap<Object, Object> present() {
    return current.get().asMap();
  }

  @Override
  public int size() {
    return present().size();
  }

  @Override
  public boolean isEmpty() {
    return present().isEmpty();
  }

  @Override
  public boolean containsKey(Object key) {
    return present().containsKey(key);
  }

  @Override
  public boolean containsValue(Object value) {
    return present().containsValue(value);
  }

  @Override
  public @Nullable Object get(Object key) {
    return present().get(key);
  }

  @Override
  public @Nullable Object put(Object key, Object value) {
    return present().put(key, value);
  }

  @Override
  public @Nullable Object putIfAbsent(Object key, Object value) {
    return present().putIfAbsent(key, value);
  }

  @Override
  public @Nullable Object remove(Object key) {
    return present().remove(key);
  }

  @Override
  public boolean remove(Object key, Object value) {
    return present().remove(key, value);
  }

  @Override
  public @Nullable Object replace(Object key, Object value) {
    return present().replace(key, value);
  }

  @Override
  public boolean replace(Object key, Object oldValue, Object newValue) {
    return present().replace(key, oldValue, newValue);
  }

  @Override
  public @Nullable Object computeIfAbsent(
      Object key, Function<? super Object, ? extends @Nullable Object> function) {
    return present().computeIfAbsent(key, function);
  }

  @Override
  public @Nullable Object computeIfPresent(
      Object key, BiFunction<? super Object, ? super Object, ? extends @Nullable Object> function) {
    return present().computeIfPresent(key, function);
  }

  @Override
  public @Nullable Object compute(
      Object key,
      BiFunction<? super Object, ? super @Nullable Object, ? extends @Nullable Object> function) {
    return present().compute(key, function);
  }

  @Override
  public @Nullable Object merge(
      Object key,
      Object value,
      BiFunction<? super Object, ? super Object, ? extends @Nullable Object> function) {
    return present().merge(key, value, function);
  }

  @Override
  public void clear() {
    present().clear();
  }

  @Override
  public Set<Object> keySet() {
    return keys;
  }

  @Override
  public Collection<Object> values() {
    return values;
  }

  @Override
  public Set<Entry<Object, Object>> entrySet() {
    return entries;
  }

  /** The keys, values or entries of the current instance. */
  private class View<E> extends AbstractCollection<E> {

    private final Function<Map<Object, Object>, Collection<E>> view;

    private final Function<Entry<Object, Object>, E> element;

    /**
     * Creates a view.
     *
     * @param view returns the view of a map of Caffeine
     * @param element returns the element that an entry stands for
     */
    View(
        Function<Map<Object, Object>, Collection<E>> view,
        Function<Entry<Object, Object>, E> element) {
      this.view = view;
      this.element = element;
    }

    Collection<E> now() {
      return view.apply(present());
    }

    @Override
    public int size() {
      return now().size();
    }

    @Override
    public boolean isEmpty() {
      return now().isEmpty();
    }

    @Override
    public boolean contains(Object sought) {
      return now().contains(sought);
    }

    @Override
    public boolean remove(Object sought) {
      return now().remove(sought);
    }

    @Override
    public boolean removeAll(Collection<?> sought) {
      return now().removeAll(sought);
    }

    @Override
    public boolean removeIf(Predicate<? super E> filter) {
      return now().removeIf(filter);
    }

    @Override
    public boolean retainAll(Collection<?> kept) {
      return now().retainAll(kept);
    }

    @Override
    public void clear() {
      now().clear();
    }

    @Override
    public Iterator<E> iterator() {
      return new FollowingIterator<>(element);
    }

    /** The number of entries can change meanwhile, so the size is not reported. */
    @Override
    public Spliterator<E> spliterator() {
      return Spliterators.spliteratorUnknownSize(
          iterator(), Spliterator.CONCURRENT | Spliterator.NONNULL);
    }
  }

  /** The keys or entries of the current instance. */
  private final class SetView<E> extends View<E> implements Set<E> {

    SetView(
        Function<Map<Object, Object>, Collection<E>> view,
        Function<Entry<Object, Object>, E> element) {
      super(view, element);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other == this
          || (other instanceof Set<?> set && size() == set.size() && containsAll(set));
    }

    @Override
    public int hashCode() {
      return now().hashCode();
    }
  }

  /** Iterates one instance, as long as it is the current one. */
  private final class FollowingIterator<E> implements Iterator<E> {

    private final Cache<Object, Object> iterated = current.get();

    private final Iterator<Entry<Object, Object>> entriesOfIt =
        iterated.asMap().entrySet().iterator();

    private final Function<Entry<Object, Object>, E> element;

    private @Nullable Entry<Object, Object> announced;

    private @Nullable Object lastKey;

    FollowingIterator(Function<Entry<Object, Object>, E> element) {
      this.element = element;
    }

    /** Tests for a clear last, so that the entry was present when it was announced. */
    @Override
    public boolean hasNext() {
      if (announced == null && entriesOfIt.hasNext()) {
        Entry<Object, Object> next = entriesOfIt.next();
        announced = iterated == current.get() ? next : null;
      }
      return announced != null;
    }

    @Override
    public E next() {
      if (!hasNext() || announced == null) {
        throw new NoSuchElementException();
      }
      Entry<Object, Object> next = announced;
      announced = null;
      lastKey = next.getKey();
      return element.apply(next);
    }

    @Override
    public void remove() {
      if (lastKey == null) {
        throw new IllegalStateException("There is no entry to remove. Call next() first");
      }
      NativeMap.this.remove(lastKey);
      lastKey = null;
    }
  }

  /** An entry whose {@code setValue} stores into the current instance. */
  @SuppressWarnings("serial") // as any entry of a map, it is not meant to be serialized
  private final class WriteThroughEntry extends SimpleEntry<Object, Object> {

    WriteThroughEntry(Entry<Object, Object> entry) {
      super(entry);
    }

    @Override
    public Object setValue(Object value) {
      put(getKey(), value);
      return super.setValue(value);
    }
  }
}

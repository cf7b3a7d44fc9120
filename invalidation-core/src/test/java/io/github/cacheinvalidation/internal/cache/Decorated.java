package io.github.cacheinvalidation.internal.cache;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;

/** A cache manager of an application that puts something in front of each cache. */
record Decorated(CacheManager target, UnaryOperator<Cache> decoration) implements CacheManager {

  @Override
  public @Nullable Cache getCache(String name) {
    Cache cache = target.getCache(name);
    return cache == null ? null : decoration.apply(cache);
  }

  @Override
  public Collection<String> getCacheNames() {
    return target.getCacheNames();
  }

  /** A proxy, as observing a cache is done where its class does not matter. */
  static Cache proxy(Cache cache) {
    return (Cache)
        Proxy.newProxyInstance(
            Decorated.class.getClassLoader(),
            new Class<?>[] {Cache.class},
            (proxy, method, arguments) -> {
              try {
                return method.invoke(cache, arguments);
              } catch (InvocationTargetException failure) {
                throw failure.getTargetException();
              }
            });
  }

  /** A decorator that changes keys, and that makes a load of a lookup and a put. */
  static class Prefixing implements Cache {

    private final Cache target;

    Prefixing(Cache target) {
      this.target = target;
    }

    private static Object prefixed(Object key) {
      return "key-" + key;
    }

    @Override
    public String getName() {
      return target.getName();
    }

    @Override
    public Object getNativeCache() {
      return target.getNativeCache();
    }

    @Override
    public @Nullable ValueWrapper get(Object key) {
      return target.get(prefixed(key));
    }

    @Override
    public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
      return target.get(prefixed(key), type);
    }

    @Override
    @SuppressWarnings("unchecked") // the caller names the type of the key's values
    public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
      ValueWrapper present = get(key);
      if (present != null) {
        return (T) present.get();
      }
      try {
        T value = valueLoader.call();
        put(key, value);
        return value;
      } catch (Exception failure) {
        throw new ValueRetrievalException(key, valueLoader, failure);
      }
    }

    @Override
    public @Nullable CompletableFuture<?> retrieve(Object key) {
      return target.retrieve(prefixed(key));
    }

    @Override
    public <T> CompletableFuture<T> retrieve(
        Object key, Supplier<CompletableFuture<T>> valueLoader) {
      return target.retrieve(prefixed(key), valueLoader);
    }

    @Override
    public void put(Object key, @Nullable Object value) {
      target.put(prefixed(key), value);
    }

    @Override
    public void evict(Object key) {
      target.evict(prefixed(key));
    }

    @Override
    public void clear() {
      target.clear();
    }
  }

  /** A decorator that does not expose the decorated cache. */
  static final class Hiding extends Prefixing {

    Hiding(Cache target) {
      super(Objects.requireNonNull(target));
    }

    @Override
    public Object getNativeCache() {
      return this;
    }
  }
}

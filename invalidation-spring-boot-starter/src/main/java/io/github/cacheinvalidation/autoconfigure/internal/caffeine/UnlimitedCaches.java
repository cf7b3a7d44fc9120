package io.github.cacheinvalidation.autoconfigure.internal.caffeine;

import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.autoconfigure.internal.settings.SettingNames;
import io.github.cacheinvalidation.internal.cache.CacheSettings;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on the settings of caches. Logs once if caches have neither a size limit nor a lifetime:
 * all such caches if their names are fixed, otherwise the first that is created.
 */
public final class UnlimitedCaches implements Function<String, CacheSettings> {

  private static final Logger log = LoggerFactory.getLogger(InvalidationNode.class);

  private final Function<String, CacheSettings> settings;

  private final SettingNames names;

  private final AtomicBoolean told = new AtomicBoolean();

  public UnlimitedCaches(Function<String, CacheSettings> settings, SettingNames names) {
    this.settings = settings;
    this.names = names;
  }

  @Override
  public CacheSettings apply(String name) {
    CacheSettings found = settings.apply(name);
    if (found.isUnlimited() && told.compareAndSet(false, true)) {
      log.warn(
          "Cache '{}' has neither a size limit nor a lifetime, so it can fill the heap. Set"
              + " spring.cache.caffeine.spec, for example to maximumSize=10000,expireAfterWrite=10m,"
              + " or {} for this cache. Further such caches are not"
              + " reported",
          name,
          names.ofCache(name, "spec"));
    }
    return found;
  }

  /** Logs which of the only caches have no limit. */
  public void tellOf(List<String> fixedNames) {
    List<String> unlimited =
        fixedNames.stream().filter(name -> settings.apply(name).isUnlimited()).toList();
    if (!unlimited.isEmpty() && told.compareAndSet(false, true)) {
      log.warn(
          "The caches {} have neither a size limit nor a lifetime, so they can fill the heap. Set"
              + " spring.cache.caffeine.spec, for example to maximumSize=10000,expireAfterWrite=10m,"
              + " or {} for one cache",
          unlimited,
          names.ofCache(unlimited.get(0), "spec"));
    }
  }
}

package io.github.cacheinvalidation.autoconfigure.internal.settings;

import org.springframework.core.env.Environment;

/**
 * Finds the exact names of properties as they were set. The failure analysis of Spring Boot looks
 * up a bad value by its name, and prints the file and line of the value.
 */
public final class SettingNames {

  static final String CACHES = "invalidation.caches.";

  private final Environment environment;

  SettingNames(Environment environment) {
    this.environment = environment;
  }

  public boolean isSet(String property) {
    return environment.containsProperty(property);
  }

  /**
   * Returns the name of a list element, or the name of the list if the list was set as one text.
   */
  public String ofElement(String list, int index) {
    String element = list + "[" + index + "]";
    return isSet(element) ? element : list;
  }

  /** Returns the name of a property of one cache. */
  public String ofCache(String cache, String setting) {
    return prefix(cache) + "." + setting;
  }

  /** Returns the name of the first property of a cache that is set. */
  public String ofCache(String cache) {
    for (String setting :
        new String[] {"spec", "caffeine", "max-staleness", "local-only", "channel"}) {
      if (isSet(ofCache(cache, setting))) {
        return ofCache(cache, setting);
      }
    }
    return prefix(cache);
  }

  /** Brackets keep characters that Spring Boot would otherwise remove from the name. */
  public static String prefix(String cache) {
    return CACHES + (cache.matches("[a-z][a-z0-9-]*") ? cache : "[" + cache + "]");
  }
}

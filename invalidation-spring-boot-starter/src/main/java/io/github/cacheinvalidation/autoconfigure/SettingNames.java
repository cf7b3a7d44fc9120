package io.github.cacheinvalidation.autoconfigure;

import org.springframework.core.env.Environment;

/**
 * Finds the names under which settings were given. Spring Boot's failure analysis looks a bad value
 * up by its name, and so prints the file and line that it comes from.
 */
final class SettingNames {

  static final String CACHES = "invalidation.caches.";

  private final Environment environment;

  SettingNames(Environment environment) {
    this.environment = environment;
  }

  boolean isSet(String property) {
    return environment.containsProperty(property);
  }

  /** Returns the name of an element of a list, which is that of the list if it was one text. */
  String ofElement(String list, int index) {
    String element = list + "[" + index + "]";
    return isSet(element) ? element : list;
  }

  /** Returns the name of a setting of one cache. */
  String ofCache(String cache, String setting) {
    return prefix(cache) + "." + setting;
  }

  /** Returns the name of the first setting of a cache that is set. */
  String ofCache(String cache) {
    for (String setting : new String[] {"spec", "max-staleness", "local-only"}) {
      if (isSet(ofCache(cache, setting))) {
        return ofCache(cache, setting);
      }
    }
    return prefix(cache);
  }

  /** The brackets keep characters that are not allowed in a name without them. */
  private static String prefix(String cache) {
    return CACHES + (cache.matches("[a-z][a-z0-9-]*") ? cache : "[" + cache + "]");
  }
}

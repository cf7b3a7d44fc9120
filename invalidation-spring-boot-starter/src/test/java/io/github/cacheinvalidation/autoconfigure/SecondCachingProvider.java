package io.github.cacheinvalidation.autoconfigure;

import java.net.URI;
import java.util.Properties;
import javax.cache.CacheManager;
import javax.cache.configuration.OptionalFeature;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;

/**
 * A second JCache provider on the class path of the tests. With two of them Spring Boot does not
 * choose JCache by itself, so the provider that {@link JCacheApplicationsTest} needs does not
 * affect the other tests.
 */
public final class SecondCachingProvider implements CachingProvider {

  @Override
  public @Nullable CacheManager getCacheManager(
      URI uri, ClassLoader classLoader, Properties properties) {
    throw new UnsupportedOperationException("This provider only has to exist");
  }

  @Override
  public @Nullable CacheManager getCacheManager(URI uri, ClassLoader classLoader) {
    return getCacheManager(uri, classLoader, new Properties());
  }

  @Override
  public @Nullable CacheManager getCacheManager() {
    return getCacheManager(getDefaultURI(), getDefaultClassLoader());
  }

  @Override
  public ClassLoader getDefaultClassLoader() {
    return SecondCachingProvider.class.getClassLoader();
  }

  @Override
  public URI getDefaultURI() {
    return URI.create("second");
  }

  @Override
  public Properties getDefaultProperties() {
    return new Properties();
  }

  @Override
  public void close() {}

  @Override
  public void close(ClassLoader classLoader) {}

  @Override
  public void close(URI uri, ClassLoader classLoader) {}

  @Override
  public boolean isSupported(OptionalFeature optionalFeature) {
    return false;
  }
}

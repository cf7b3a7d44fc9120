package io.github.cacheinvalidation.autoconfigure.internal.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.autoconfigure.internal.provider.CacheChoice.Sign;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.Stream;
import net.bytebuddy.ByteBuddy;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.cache.CacheManager;
import org.springframework.core.ResolvableType;
import org.springframework.core.io.ClassPathResource;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.util.ClassUtils;

/** The beans, the settings and the class path of an application. */
abstract class CacheChoiceFixture {

  private static final String CACHING_PROVIDER =
      "META-INF/services/javax.cache.spi.CachingProvider";

  static final ClassLoader WITHOUT_PROVIDERS =
      new FilteredClassLoader(new ClassPathResource(CACHING_PROVIDER));

  private static final ClassLoader WITH_ONE_PROVIDER =
      new ClassLoader(WITHOUT_PROVIDERS) {
        @Override
        protected Enumeration<URL> findResources(String name) throws IOException {
          return Collections.enumeration(
              name.equals(CACHING_PROVIDER)
                  ? List.of(Path.of("one-provider").toUri().toURL())
                  : List.of());
        }
      };

  final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();

  final MockEnvironment environment = new MockEnvironment();

  void assertHasNoEffect(CacheProvider provider, String evidence) {
    assertThat(choice().forAnother()).as("sign of %s", provider).isNull();
    assertThat(choice().withoutEffect()).containsExactly(new Sign(provider, evidence));
  }

  static List<String> types(CacheProvider provider) {
    return Stream.concat(Stream.of(provider.manager()), provider.libraries().stream()).toList();
  }

  /** Makes the conditions of Spring Boot for a provider true. */
  void makeAvailable(CacheProvider provider) {
    if (provider == CacheProvider.JCACHE) {
      beans.setBeanClassLoader(WITH_ONE_PROVIDER);
    }
    types(provider).forEach(this::type);
    if (provider.client() != null && !provider.signs().contains(provider.client())) {
      declare("client", ResolvableType.forClass(type(provider.client())));
    }
  }

  static URLClassLoader provider(Path directory, ClassLoader parent) throws IOException {
    Files.createDirectories(directory.resolve("META-INF/services"));
    Files.writeString(directory.resolve(CACHING_PROVIDER), "example.Provider");
    return new URLClassLoader(new URL[] {directory.toUri().toURL()}, parent);
  }

  CacheChoice choice() {
    return new CacheChoice(beans, environment);
  }

  void declare(String name, ResolvableType type) {
    RootBeanDefinition definition = new RootBeanDefinition();
    definition.setTargetType(type);
    definition.setLazyInit(true);
    beans.registerBeanDefinition(name, definition);
  }

  /** Returns the type of that name; makes it up, on the class path of the beans, if need be. */
  Class<?> type(String name) {
    ClassLoader loader = beans.getBeanClassLoader();
    if (ClassUtils.isPresent(name, loader)) {
      return ClassUtils.resolveClassName(name, loader);
    }
    Class<?> madeUp =
        new ByteBuddy()
            .makeInterface(List.of(CacheManager.class))
            .name(name)
            .make()
            .load(loader)
            .getLoaded();
    beans.setBeanClassLoader(madeUp.getClassLoader());
    return madeUp;
  }
}

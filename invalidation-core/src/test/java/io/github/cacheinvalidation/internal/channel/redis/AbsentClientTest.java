package io.github.cacheinvalidation.internal.channel.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.springdata.SpringDataChannel;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** A channel needs neither of the two Redis clients on the class path, but for its own. */
class AbsentClientTest {

  private static final String PACKAGE = RedisChannel.class.getPackageName();

  @ParameterizedTest
  @ValueSource(strings = {"io.lettuce.", "redis.clients."})
  void withoutAClient_aChannelOpensWithAnother(String absent) throws Exception {
    ClassLoader loader = new WithoutClient(absent);

    assertThat(open(loader)).isEqualTo("absent");
  }

  /** Opens a channel and closes it, with the classes of a class loader; returns its name. */
  private static Object open(ClassLoader loader) throws Exception {
    Class<?> factoryType = loader.loadClass(RedisConnectionFactory.class.getName());
    Object factory =
        Proxy.newProxyInstance(loader, new Class<?>[] {factoryType}, (proxy, method, args) -> null);
    Class<?> settingsType = loader.loadClass(RedisChannelSettings.class.getName());
    Object settings =
        settingsType
            .getConstructor(
                String.class, String.class, long.class, long.class, List.class, Duration.class)
            .newInstance("absent", "node", 1L, 1L, List.of(), Duration.ofSeconds(1));
    Object channel =
        loader
            .loadClass(SpringDataChannel.class.getName())
            .getMethod("open", factoryType, settingsType)
            .invoke(null, factory, settings);
    try {
      return channel.getClass().getMethod("name").invoke(channel);
    } catch (InvocationTargetException failure) {
      throw new AssertionError(failure.getCause());
    } finally {
      channel.getClass().getMethod("close").invoke(channel);
    }
  }

  /** Loads our classes and those of Spring Data Redis anew, and hides a package. */
  private static final class WithoutClient extends ClassLoader {

    private final String absent;

    WithoutClient(String absent) {
      super(AbsentClientTest.class.getClassLoader());
      this.absent = absent;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith(absent)) {
        throw new ClassNotFoundException(name);
      }
      if (!name.startsWith(PACKAGE) && !name.startsWith("org.springframework.data.redis.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded != null ? loaded : define(name);
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      String resource = name.replace('.', '/') + ".class";
      try (InputStream stream = getParent().getResourceAsStream(resource)) {
        if (stream == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = stream.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException failure) {
        throw new ClassNotFoundException(name, failure);
      }
    }
  }
}

package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.cacheinvalidation.CacheInvalidator;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.AnnotationCacheOperationSource;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.interceptor.CacheInterceptor;
import org.springframework.cache.interceptor.CacheOperationInvocationContext;
import org.springframework.cache.interceptor.CacheOperationInvoker;
import org.springframework.cache.interceptor.CacheProxyFactoryBean;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

/** Cache aspects that come about in other ways than {@code @EnableCaching} makes them. */
@Tag("G6")
class CacheAspectTest {

  private final Map<Integer, String> database = Shop.database();

  private final ApplicationContextRunner application = Shop.in(Applications.local(), database);

  @Tag("G6.5")
  @Test
  void interceptorMadeByABeanFactoryPostProcessor_publishesNoReads() {
    application
        .withUserConfiguration(EarlyInterceptor.class)
        .run(
            context -> {
              Watch.awaitJoined(context);
              assertThat(Shop.of(context).read(1)).isEqualTo("old");
              assertThat(Shop.of(context).read(1)).isEqualTo("old");
              assertThat(Shop.of(context).loads()).isEqualTo(1);
              Shop.of(context).write(1, "new"); // the only message, and so the first
              Watch.patiently().until(() -> Watch.of(context).published.get() > 0);
              assertThat(Watch.of(context).published).hasValue(1);
            });
  }

  @Test
  void interceptorMadeEarlyInASpringApplication_hasItsViewsAtOnce() {
    try (var context =
        new SpringApplicationBuilder(
                ContextHierarchyTest.Starter.class,
                EarlyInterceptor.class,
                ContextHierarchyTest.EarlyCall.class)
            .web(WebApplicationType.NONE)
            .properties("invalidation.transport=local")
            .initializers(
                early ->
                    ((GenericApplicationContext) early)
                        .registerBean(Shop.class, () -> new Shop(database)))
            .run()) {
      assertThat(Shop.of(context).loads()).as("not refused").isEqualTo(1);
    }
  }

  @Tag("G6.6")
  @Test
  void aspectMadeByHand_isRefusedAtItsFirstLoad() {
    application.run(
        context -> {
          CacheInterceptor byHand = new CacheInterceptor();
          byHand.setCacheManager(context.getBean(CacheManager.class));
          byHand.setCacheOperationSource(new AnnotationCacheOperationSource());
          byHand.afterSingletonsInstantiated();
          ProxyFactory factory = new ProxyFactory(new Shop(database));
          factory.setProxyTargetClass(true);
          factory.addAdvice(byHand);
          assertRefused(context, (Shop) factory.getProxy());
        });
  }

  @Test
  void aspectOfAProxyFactoryBean_isRefusedAtItsFirstLoad() {
    application.run(
        context -> {
          CacheProxyFactoryBean factory = new CacheProxyFactoryBean();
          factory.setCacheManager(context.getBean(CacheManager.class));
          factory.setCacheOperationSources(new AnnotationCacheOperationSource());
          factory.setTarget(new Shop(database));
          factory.setProxyTargetClass(true);
          factory.afterPropertiesSet();
          factory.afterSingletonsInstantiated();
          assertRefused(context, (Shop) Objects.requireNonNull(factory.getObject()));
        });
  }

  private static void assertRefused(ApplicationContext context, Shop shop) {
    assertThatThrownBy(() -> shop.read(1))
        .hasMessageContaining("Cache 'products' cannot tell")
        .hasMessageContaining("the aspect was made by hand");
    assertThat(context.getBean(CacheManager.class).getCache("products"))
        .extracting(cache -> cache.get(1))
        .isNull();
    Watch.awaitJoined(context);
    shop.write(1, "new"); // an eviction has the same effect for every caller
    Watch.patiently().until(() -> Watch.of(context).published.get() > 0);
    assertThat(Watch.of(context).published).hasValue(1);
  }

  @Test
  void aspectOfAllContexts_servesTheManagerThatAMethodNames() {
    for (int context = 0; context < 3; context++) {
      application.withUserConfiguration(OfAspectJ.class).run(this::servesItsManager);
    }
    application
        .withUserConfiguration(OfAspectJ.class)
        .run(
            alive -> {
              try (var withoutStarter =
                  new AnnotationConfigApplicationContext(OfAspectJ.class, Primary.class)) {
                servesItsManager(withoutStarter);
              }
            });
  }

  @Test
  void aspectOfAllContexts_publishesNoReadThroughTheNodesManagerByName() {
    application
        .withUserConfiguration(OfAspectJ.class)
        .run(
            context -> {
              Watch.awaitJoined(context);
              Methods methods = new Methods();
              assertThat(OneForAll.INSTANCE.call(methods, "ofTheNode", 1)).isEqualTo(1);
              assertThat(OneForAll.INSTANCE.call(methods, "ofTheNode", 1)).isEqualTo(1);
              context.getBean(CacheInvalidator.class).evict("a", 1); // the first message
              Watch.patiently().until(() -> Watch.of(context).published.get() > 0);
              assertThat(Watch.of(context).published).hasValue(1);
            });
  }

  private void servesItsManager(ApplicationContext context) {
    context.getBeanProvider(Watch.class).ifAvailable(watch -> Watch.awaitJoined(context));
    Object own = new Object();
    Methods methods = new Methods();
    assertThat(OneForAll.INSTANCE.call(methods, "named", own)).isEqualTo(1);
    assertThat(OneForAll.INSTANCE.call(methods, "named", own)).isEqualTo(1);
    CacheManager named = context.getBean("named", CacheManager.class);
    assertThat(in(named, own)).as("in the named manager").isNotNull();
    CacheManager common = context.getBean(CacheManager.class);
    assertThat(in(common, own)).as("in the common manager").isNull();
    assertThat(OneForAll.INSTANCE.call(methods, "common", own)).isEqualTo(2);
    assertThat(in(common, own)).as("in the common manager").isNotNull();
  }

  private static Cache.@Nullable ValueWrapper in(CacheManager manager, Object key) {
    return Objects.requireNonNull(manager.getCache("a")).get(key);
  }

  @Test
  void resolverThatFindsNoCache_isNamedAsSpringNamesIt() {
    Applications.local()
        .withUserConfiguration(Resolvers.class)
        .run(
            context -> {
              try (var plain =
                  new AnnotationConfigApplicationContext(Resolvers.class, PlainCaching.class)) {
                Methods ours = context.getBean(Methods.class);
                Methods springs = plain.getBean(Methods.class);
                Throwable none = catchThrowable(() -> ours.withoutCaches(1));
                assertThat(none)
                    .hasMessageStartingWith("No cache could be resolved for 'Builder[public ")
                    .hasMessageContaining("using resolver 'the resolver of the shop'")
                    .hasMessage(catchThrowable(() -> springs.withoutCaches(1)).getMessage());
                Throwable missing = catchThrowable(() -> ours.ofMissingCache(1));
                assertThat(missing)
                    .hasMessageStartingWith("Cannot find cache named 'missing' for Builder[")
                    .hasMessage(catchThrowable(() -> springs.ofMissingCache(1)).getMessage());
              }
            });
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class EarlyInterceptor {

    @Bean
    static BeanFactoryPostProcessor early() {
      return beans -> assertThat(beans.getBean(CacheInterceptor.class)).isNotNull();
    }
  }

  /** As the aspect of AspectJ is: one for all contexts, each of which configures it. */
  static final class OneForAll extends CacheAspectSupport implements DisposableBean {

    static final OneForAll INSTANCE = new OneForAll();

    private OneForAll() {
      setCacheOperationSource(new AnnotationCacheOperationSource(false));
    }

    @Nullable Object call(Object target, String method, Object argument) {
      try {
        Method called = target.getClass().getMethod(method, Object.class);
        CacheOperationInvoker invoker =
            () -> {
              try {
                return called.invoke(target, argument);
              } catch (IllegalAccessException | InvocationTargetException failure) {
                throw new CacheOperationInvoker.ThrowableWrapper(failure);
              }
            };
        return execute(invoker, target, called, new Object[] {argument});
      } catch (NoSuchMethodException failure) {
        throw new AssertionError(failure);
      }
    }

    @Override
    public void destroy() {
      clearMetadataCache();
    }
  }

  public static class Methods {

    private final AtomicInteger loads = new AtomicInteger();

    @Cacheable(cacheNames = "a", cacheManager = "named")
    public Object named(Object key) {
      return loads.incrementAndGet();
    }

    @Cacheable("a")
    public Object common(Object key) {
      return loads.incrementAndGet();
    }

    @Cacheable(cacheNames = "a", cacheManager = "cacheManager")
    public Object ofTheNode(Object key) {
      return loads.incrementAndGet();
    }

    @CachePut(cacheNames = "a", cacheResolver = "none")
    public Integer withoutCaches(int id) {
      return id;
    }

    @Cacheable(cacheNames = "missing", cacheManager = "named")
    public Integer ofMissingCache(int id) {
      return id;
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OfAspectJ {

    @Bean
    OneForAll cacheAspect() {
      OneForAll.INSTANCE.configure(null, null, null, null);
      return OneForAll.INSTANCE;
    }

    @Bean(defaultCandidate = false)
    CacheManager named() {
      return new ConcurrentMapCacheManager("a");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Primary {

    @Bean
    CacheManager cacheManager() {
      return new ConcurrentMapCacheManager("a");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Resolvers {

    @Bean
    Methods methods() {
      return new Methods();
    }

    @Bean(defaultCandidate = false)
    CacheManager named() {
      return new ConcurrentMapCacheManager("a");
    }

    @Bean
    CacheResolver none() {
      return new CacheResolver() {
        @Override
        public List<Cache> resolveCaches(CacheOperationInvocationContext<?> context) {
          return List.of();
        }

        @Override
        public String toString() {
          return "the resolver of the shop";
        }
      };
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class PlainCaching {}
}

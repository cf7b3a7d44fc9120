package io.github.cacheinvalidation.test;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.ContextHierarchy;
import org.springframework.test.context.ContextLoader;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.SmartContextLoader;
import org.springframework.test.context.TestContextAnnotationUtils;

/**
 * Makes a context of a test a node. The context that Spring loads for the test becomes the first
 * node, and gets the fleet. The fleet loads the same configuration for each further node.
 *
 * @param nodes the number of nodes
 */
record FleetCustomizer(int nodes) implements ContextCustomizer {

  /** The node whose context this thread loads; none while Spring loads the context of a test. */
  private static final ThreadLocal<@Nullable FleetNode> LOADING = new ThreadLocal<>();

  @Override
  public void customizeContext(
      ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
    FleetNode loading = LOADING.get();
    if (loading == null) {
      begin(new InvalidationFleet(nodes), context, configuration);
    } else {
      loading.joinAndOwn(context);
    }
  }

  private static void begin(
      InvalidationFleet fleet,
      ConfigurableApplicationContext context,
      MergedContextConfiguration configuration) {
    fleet.node(0).join(context);
    DefaultListableBeanFactory beans = (DefaultListableBeanFactory) context.getBeanFactory();
    beans.registerSingleton("invalidationFleet", fleet);
    beans.registerSingleton(
        "invalidationFleetLifecycle", new FleetLifecycle(fleet, node -> load(node, configuration)));
    beans.registerDisposableBean("invalidationFleet", fleet::close);
  }

  private static void load(FleetNode node, MergedContextConfiguration configuration) {
    LOADING.set(node);
    try {
      load(configuration);
    } finally {
      LOADING.remove();
    }
  }

  private static ApplicationContext load(MergedContextConfiguration configuration) {
    ContextLoader loader = configuration.getContextLoader();
    if (!(loader instanceof SmartContextLoader smart)) {
      throw new IllegalStateException(
          "@CacheFleet on "
              + configuration.getTestClass().getName()
              + " needs a SmartContextLoader, such as that of @SpringBootTest, but found "
              + loader);
    }
    try {
      return smart.loadContext(configuration);
    } catch (Exception failure) {
      throw new IllegalStateException("The context could not be loaded", failure);
    }
  }

  /** Finds {@link CacheFleet} on test classes. */
  static final class Factory implements ContextCustomizerFactory {

    @Override
    public @Nullable ContextCustomizer createContextCustomizer(
        Class<?> testClass, List<ContextConfigurationAttributes> attributes) {
      CacheFleet fleet =
          TestContextAnnotationUtils.findMergedAnnotation(testClass, CacheFleet.class);
      if (fleet == null) {
        return null;
      }
      if (TestContextAnnotationUtils.hasAnnotation(testClass, ContextHierarchy.class)) {
        throw new IllegalStateException(
            "@CacheFleet on "
                + testClass.getName()
                + " does not support @ContextHierarchy. Remove one of them, or start the nodes with"
                + " InvalidationFleet.of");
      }
      return new FleetCustomizer(fleet.nodes());
    }
  }
}

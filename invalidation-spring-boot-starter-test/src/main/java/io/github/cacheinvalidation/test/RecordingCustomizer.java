package io.github.cacheinvalidation.test;

import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.internal.outbox.WriteListener;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.TestContextAnnotationUtils;

/** Adds the record of invalidations to the context of a test. */
record RecordingCustomizer() implements ContextCustomizer {

  @Override
  public void customizeContext(
      ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
    RecordedInvalidations recorded = new RecordedInvalidations();
    ConfigurableListableBeanFactory beans = context.getBeanFactory();
    beans.registerSingleton("recordedInvalidations", recorded);
    beans.registerSingleton("recordedInvalidationsListener", (WriteListener) recorded::add);
    context.addApplicationListener(
        (ApplicationListener<ContextRefreshedEvent>)
            refreshed -> requireNode(context, configuration.getTestClass()));
  }

  private static void requireNode(ConfigurableApplicationContext context, Class<?> testClass) {
    if (context.getBeanProvider(InvalidationNode.class).getIfAvailable() == null) {
      throw new IllegalStateException(
          "@RecordInvalidations on "
              + testClass.getName()
              + " would record nothing: the context has no InvalidationNode bean, because it does"
              + " not load the starter, or the starter is inactive and the log says why. Load the"
              + " whole application, as @SpringBootTest does, or add"
              + " @AutoConfigureCache(cacheProvider = CacheType.CAFFEINE) to a test slice");
    }
  }

  /** Finds {@link RecordInvalidations} on test classes. */
  static final class Factory implements ContextCustomizerFactory {

    @Override
    public @Nullable ContextCustomizer createContextCustomizer(
        Class<?> testClass, List<ContextConfigurationAttributes> attributes) {
      return TestContextAnnotationUtils.hasAnnotation(testClass, RecordInvalidations.class)
          ? new RecordingCustomizer()
          : null;
    }
  }
}

package io.github.cacheinvalidation.autoconfigure;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Finds why the starter is inactive when the conditions are evaluated. Later, the beans of Spring
 * Boot could not be told from the beans of the application; and in an application that is built
 * ahead of time, conditions are evaluated only at build time.
 */
final class StandingBackRegistrar implements ImportBeanDefinitionRegistrar {

  private static final String BENEFIT = "to use local caches that receive the writes of all nodes";

  private final CacheChoice choice;

  StandingBackRegistrar(BeanFactory beans, Environment environment) {
    this.choice = new CacheChoice((ConfigurableListableBeanFactory) beans, environment);
  }

  @Override
  public void registerBeanDefinitions(
      AnnotationMetadata importing, BeanDefinitionRegistry registry) {
    registry.registerBeanDefinition(
        "invalidationStandingBackNotice",
        BeanDefinitionBuilder.rootBeanDefinition(StandingBackNotice.class)
            .addConstructorArgValue(reason())
            .getBeanDefinition());
  }

  private String reason() {
    String type = choice.otherType();
    if (type != null) {
      return CacheChoice.TYPE + " is " + type + ". Remove it, or set it to caffeine, " + BENEFIT;
    }
    CacheChoice.Sign other = choice.forNode() == null ? choice.forAnother() : null;
    if (choice.managers().isEmpty() && other != null) {
      return other.evidence()
          + " configures caches of type "
          + other.provider().type()
          + ", so Spring Boot chooses the cache manager. Set spring.cache.type to caffeine, and the"
          + " size and lifetime of caches in spring.cache.caffeine.spec, "
          + BENEFIT;
    }
    return "the application has a cache manager of its own, "
        + choice.managers()
        + ". Remove it, or declare it with @Bean(defaultCandidate = false), "
        + BENEFIT;
  }
}

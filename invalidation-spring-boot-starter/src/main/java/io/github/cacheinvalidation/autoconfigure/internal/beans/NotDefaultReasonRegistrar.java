package io.github.cacheinvalidation.autoconfigure.internal.beans;

import io.github.cacheinvalidation.autoconfigure.internal.provider.CacheChoice;
import java.util.List;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Finds why the cache manager of the node is not the default one, when the conditions are
 * evaluated. Later, the beans of Spring Boot could not be told from the beans of the application;
 * and in an application that is built ahead of time, conditions are evaluated only at build time.
 */
final class NotDefaultReasonRegistrar implements ImportBeanDefinitionRegistrar {

  private final ConfigurableListableBeanFactory beans;

  private final Environment environment;

  private final ResourceLoader loader;

  NotDefaultReasonRegistrar(BeanFactory beans, Environment environment, ResourceLoader loader) {
    this.beans = (ConfigurableListableBeanFactory) beans;
    this.environment = environment;
    this.loader = loader;
  }

  @Override
  public void registerBeanDefinitions(
      AnnotationMetadata importing, BeanDefinitionRegistry registry) {
    NotDefaultReason reason = reason();
    registry.registerBeanDefinition(
        "invalidationNotDefaultReason",
        BeanDefinitionBuilder.rootBeanDefinition(NotDefaultReason.class)
            .addConstructorArgValue(reason.cause())
            .addConstructorArgValue(reason.remedy())
            .getBeanDefinition());
  }

  private NotDefaultReason reason() {
    CacheChoice choice = new CacheChoice(beans, environment);
    String type = choice.otherType();
    if (type != null) {
      return new NotDefaultReason(
          CacheChoice.TYPE + " is " + type, "remove it, or set it to caffeine");
    }
    List<String> managers = choice.managers();
    CacheChoice.Sign other = choice.forNode() == null ? choice.forAnother() : null;
    if (managers.isEmpty() && other != null) {
      return new NotDefaultReason(
          other.evidence()
              + " configures caches of type "
              + other.provider().type()
              + ", so Spring Boot chooses the cache manager",
          "set spring.cache.type to caffeine, and the size and lifetime of caches in"
              + " spring.cache.caffeine.spec");
    }
    NotDefaultReason cachingOff = CachingDecision.against(beans, environment, loader);
    return cachingOff != null
        ? cachingOff
        : new NotDefaultReason(
            "the application has a cache manager of its own, " + managers,
            "remove it, or declare it with @Bean(defaultCandidate = false)");
  }
}

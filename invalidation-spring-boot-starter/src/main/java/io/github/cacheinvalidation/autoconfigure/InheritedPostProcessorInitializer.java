package io.github.cacheinvalidation.autoconfigure;

import io.github.cacheinvalidation.autoconfigure.internal.annotation.InheritedPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Applies the post-processors of the starter to the beans of every context that a {@code
 * SpringApplication} creates, from the first bean on. A post-processor that is a bean would miss
 * the beans of child contexts and the beans that are created before it.
 */
final class InheritedPostProcessorInitializer
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    ConfigurableListableBeanFactory beans = context.getBeanFactory();
    beans.addBeanPostProcessor(new InheritedPostProcessor(beans));
  }
}

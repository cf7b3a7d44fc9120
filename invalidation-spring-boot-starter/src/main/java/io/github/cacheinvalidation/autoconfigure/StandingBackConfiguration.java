package io.github.cacheinvalidation.autoconfigure;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Logs why there are no coherent caches. Imported after {@link CoherentCachingConfiguration}, so
 * that the condition sees whether that configuration applies.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(CoherentCachingConfiguration.class)
class StandingBackConfiguration {

  @Bean
  StandingBackNotice invalidationStandingBackNotice(
      Environment environment, ListableBeanFactory beans) {
    return new StandingBackNotice(environment, beans);
  }
}

package io.github.cacheinvalidation.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Logs why there are no coherent caches. Imported after {@link CoherentCachingConfiguration}, so
 * that the condition sees whether that configuration applies.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(CoherentCachingConfiguration.class)
@Import(StandingBackRegistrar.class)
class StandingBackConfiguration {}

package io.github.cacheinvalidation.autoconfigure.internal.beans;

import io.github.cacheinvalidation.autoconfigure.internal.manager.CacheManagerBean;
import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches if the starter switches on caching where the application does not: for a cache manager of
 * the node that is the default one, and for any other one if {@code invalidation.enable-caching} is
 * true.
 */
final class OnCachingOfStarter extends SpringBootCondition implements ConfigurationCondition {

  @Override
  public ConfigurationPhase getConfigurationPhase() {
    return ConfigurationPhase.REGISTER_BEAN;
  }

  @Override
  public ConditionOutcome getMatchOutcome(
      ConditionContext context, AnnotatedTypeMetadata metadata) {
    ConditionMessage.Builder message = ConditionMessage.forCondition("Caching of the starter");
    if (Boolean.TRUE.equals(CachingDecision.wanted(context.getEnvironment()))) {
      return ConditionOutcome.match(message.because(CachingDecision.PROPERTY + " is true"));
    }
    return CacheManagerBean.isDefaultIn(Objects.requireNonNull(context.getBeanFactory()))
        ? ConditionOutcome.match(message.because("its cache manager is the default one"))
        : ConditionOutcome.noMatch(message.because("its cache manager is beside another one"));
  }
}

package io.github.cacheinvalidation.autoconfigure.internal.beans;

import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches unless caching stays off. Needs the beans of the application, so it is not evaluated
 * earlier.
 */
final class OnCachingDecision extends SpringBootCondition implements ConfigurationCondition {

  @Override
  public ConfigurationPhase getConfigurationPhase() {
    return ConfigurationPhase.REGISTER_BEAN;
  }

  @Override
  public ConditionOutcome getMatchOutcome(
      ConditionContext context, AnnotatedTypeMetadata metadata) {
    NotDefaultReason against =
        CachingDecision.against(
            Objects.requireNonNull(context.getBeanFactory()),
            context.getEnvironment(),
            context.getResourceLoader());
    ConditionMessage.Builder message = ConditionMessage.forCondition("Caching");
    return against == null
        ? ConditionOutcome.match(message.because("caching is on or may be switched on"))
        : ConditionOutcome.noMatch(message.because(against.cause()));
  }
}

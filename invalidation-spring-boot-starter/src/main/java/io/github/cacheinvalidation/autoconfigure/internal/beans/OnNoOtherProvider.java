package io.github.cacheinvalidation.autoconfigure.internal.beans;

import io.github.cacheinvalidation.autoconfigure.internal.provider.CacheChoice;
import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches unless the application configures the caches of another provider and nothing decides for
 * the caches of the node. Needs the beans of the application, so it is not evaluated earlier.
 */
final class OnNoOtherProvider extends SpringBootCondition implements ConfigurationCondition {

  @Override
  public ConfigurationPhase getConfigurationPhase() {
    return ConfigurationPhase.REGISTER_BEAN;
  }

  @Override
  public ConditionOutcome getMatchOutcome(
      ConditionContext context, AnnotatedTypeMetadata metadata) {
    CacheChoice choice =
        new CacheChoice(Objects.requireNonNull(context.getBeanFactory()), context.getEnvironment());
    ConditionMessage.Builder message = ConditionMessage.forCondition("Cache provider");
    String forNode = choice.forNode();
    if (forNode != null) {
      return ConditionOutcome.match(message.foundExactly(forNode));
    }
    CacheChoice.Sign other = choice.forAnother();
    return other == null
        ? ConditionOutcome.match(message.because("no other provider is configured"))
        : ConditionOutcome.noMatch(message.foundExactly(other.evidence()));
  }
}

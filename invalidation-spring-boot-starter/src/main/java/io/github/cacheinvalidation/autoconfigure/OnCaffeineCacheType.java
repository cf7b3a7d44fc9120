package io.github.cacheinvalidation.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** Matches if {@code spring.cache.type} is not set or is {@code caffeine}. */
final class OnCaffeineCacheType extends SpringBootCondition {

  static final String PROPERTY = "spring.cache.type";

  @Override
  public ConditionOutcome getMatchOutcome(
      ConditionContext context, AnnotatedTypeMetadata metadata) {
    String type = context.getEnvironment().getProperty(PROPERTY);
    ConditionMessage.Builder message = ConditionMessage.forCondition("Cache type");
    if (!StringUtils.hasText(type)) {
      return ConditionOutcome.match(message.because(PROPERTY + " is not set"));
    }
    return new ConditionOutcome(
        "caffeine".equalsIgnoreCase(type.strip()), message.because(PROPERTY + " is " + type));
  }
}

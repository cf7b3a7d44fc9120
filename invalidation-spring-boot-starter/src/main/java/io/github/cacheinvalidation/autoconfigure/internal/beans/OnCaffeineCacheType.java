package io.github.cacheinvalidation.autoconfigure.internal.beans;

import io.github.cacheinvalidation.autoconfigure.internal.provider.CacheChoice;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** Matches if {@code spring.cache.type} is not set or is {@code caffeine}. */
final class OnCaffeineCacheType extends SpringBootCondition {

  @Override
  public ConditionOutcome getMatchOutcome(
      ConditionContext context, AnnotatedTypeMetadata metadata) {
    String type = context.getEnvironment().getProperty(CacheChoice.TYPE);
    ConditionMessage.Builder message = ConditionMessage.forCondition("Cache type");
    if (!StringUtils.hasText(type)) {
      return ConditionOutcome.match(message.because(CacheChoice.TYPE + " is not set"));
    }
    return new ConditionOutcome(
        CacheChoice.isCaffeine(type), message.because(CacheChoice.TYPE + " is " + type));
  }
}

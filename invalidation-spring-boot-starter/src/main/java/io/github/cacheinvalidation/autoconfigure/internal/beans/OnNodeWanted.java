package io.github.cacheinvalidation.autoconfigure.internal.beans;

import io.github.cacheinvalidation.autoconfigure.internal.annotation.InheritedPostProcessor;
import io.github.cacheinvalidation.autoconfigure.internal.provider.CacheChoice;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches unless {@code spring.cache.type} switches off all caches, or a parent context has a node,
 * which then serves this context too.
 */
final class OnNodeWanted extends SpringBootCondition {

  @Override
  public ConditionOutcome getMatchOutcome(
      ConditionContext context, AnnotatedTypeMetadata metadata) {
    ConditionMessage.Builder message = ConditionMessage.forCondition("Node");
    if (CacheChoice.isNone(context.getEnvironment())) {
      return ConditionOutcome.noMatch(message.because(CacheChoice.TYPE + " is none"));
    }
    ConfigurableListableBeanFactory beans = context.getBeanFactory();
    BeanFactory parent = beans == null ? null : beans.getParentBeanFactory();
    return parent != null && InheritedPostProcessor.isStarterIn(parent)
        ? ConditionOutcome.noMatch(message.because("a parent context has one"))
        : ConditionOutcome.match(message.because("no other node serves this context"));
  }
}

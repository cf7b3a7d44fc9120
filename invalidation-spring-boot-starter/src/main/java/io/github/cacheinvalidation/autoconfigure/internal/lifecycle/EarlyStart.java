package io.github.cacheinvalidation.autoconfigure.internal.lifecycle;

import io.github.cacheinvalidation.autoconfigure.InvalidationProperties;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import java.util.stream.Stream;
import org.springframework.beans.factory.BeanFactoryInitializer;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.core.SpringProperties;

/**
 * Creates the node before the beans of the application and, if possible, starts it, so that the
 * node can join while these beans are created and their loads are kept. The node is started only
 * when it is a bean: the context then closes it even if the application never starts.
 */
public final class EarlyStart implements BeanFactoryInitializer<ListableBeanFactory> {

  @Override
  public void initialize(ListableBeanFactory beans) {
    DefaultInvalidationNode node =
        beans.getBeanProvider(DefaultInvalidationNode.class).getIfUnique();
    if (node != null
        && beans.getBean(InvalidationProperties.class).isEnabled()
        && !endsBeforeTheStart()) {
      node.start();
    }
  }

  /**
   * Returns whether the JVM will exit or be checkpointed after all beans are created. In that case
   * no connection may exist before the lifecycle starts the node.
   */
  private static boolean endsBeforeTheStart() {
    return Stream.of(
            DefaultLifecycleProcessor.EXIT_PROPERTY_NAME,
            DefaultLifecycleProcessor.CHECKPOINT_PROPERTY_NAME)
        .map(SpringProperties::getProperty)
        .anyMatch(DefaultLifecycleProcessor.ON_REFRESH_VALUE::equalsIgnoreCase);
  }
}

package io.github.cacheinvalidation.autoconfigure;

import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import java.util.stream.Stream;
import org.springframework.beans.factory.BeanFactoryInitializer;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.core.SpringProperties;

/**
 * Makes the node before the beans of the application and starts it where it may be, so that it can
 * join while they are made and what they load is kept. It is started only once it is a bean: from
 * then on the context closes it, even if the application never starts.
 */
final class EarlyStart implements BeanFactoryInitializer<ListableBeanFactory> {

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
   * Whether the JVM ends, or is stored as an image, when all beans are made: then there must be no
   * connection before the lifecycle starts the node.
   */
  private static boolean endsBeforeTheStart() {
    return Stream.of(
            DefaultLifecycleProcessor.EXIT_PROPERTY_NAME,
            DefaultLifecycleProcessor.CHECKPOINT_PROPERTY_NAME)
        .map(SpringProperties::getProperty)
        .anyMatch(DefaultLifecycleProcessor.ON_REFRESH_VALUE::equalsIgnoreCase);
  }
}

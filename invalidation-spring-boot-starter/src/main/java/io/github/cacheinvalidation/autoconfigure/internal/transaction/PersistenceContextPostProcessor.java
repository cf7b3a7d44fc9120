package io.github.cacheinvalidation.autoconfigure.internal.transaction;

import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.transaction.PersistenceContexts;
import io.github.cacheinvalidation.internal.transaction.UnitOfWork;
import jakarta.persistence.EntityManager;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.ConfigurablePropertyAccessor;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.orm.jpa.AbstractEntityManagerFactoryBean;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.EntityManagerProxy;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Records when each entity manager is opened, and finds the entity managers that are bound to a
 * thread, such as the one that open-in-view binds to the thread of a request. Every factory bean
 * passes a new entity manager to its initializer before the entity manager is used. An entity
 * manager of another origin, or one that was opened before the node existed, counts as unseen.
 */
public final class PersistenceContextPostProcessor
    implements BeanPostProcessor, PriorityOrdered, PersistenceContextSupport, PersistenceContexts {

  private static final String INITIALIZER = "entityManagerInitializer";

  private final Map<EntityManager, Long> openings =
      Collections.synchronizedMap(new WeakHashMap<>());

  private volatile @Nullable LogicalClock clock;

  @Override
  public PersistenceContexts create(LogicalClock nodeClock) {
    clock = nodeClock;
    return this;
  }

  /**
   * Runs late, so that the initializer of the application is known and kept. If the field does not
   * exist, no entity manager is recorded, and all persistence contexts count as unseen.
   */
  @Override
  public Object postProcessAfterInitialization(Object bean, String beanName) {
    if (bean instanceof AbstractEntityManagerFactoryBean factory) {
      ConfigurablePropertyAccessor fields = PropertyAccessorFactory.forDirectFieldAccess(factory);
      if (fields.isReadableProperty(INITIALIZER)
          && !(fields.getPropertyValue(INITIALIZER) instanceof Watching)) {
        factory.setEntityManagerInitializer(new Watching(this, initializerIn(fields)));
      }
    }
    return bean;
  }

  /** Reads the field, because the factory bean has one initializer and no getter for it. */
  @SuppressWarnings("unchecked") // the type of the field
  private static @Nullable Consumer<EntityManager> initializerIn(
      ConfigurablePropertyAccessor fields) {
    return (Consumer<EntityManager>) fields.getPropertyValue(INITIALIZER);
  }

  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }

  @Override
  public long openedAt() {
    long earliest = NONE;
    for (Object resource : TransactionSynchronizationManager.getResourceMap().values()) {
      if (resource instanceof EntityManagerHolder holder && !holder.isVoid()) {
        earliest = Math.min(earliest, openingOf(holder));
      }
    }
    return earliest;
  }

  private long openingOf(EntityManagerHolder holder) {
    EntityManager manager;
    try {
      manager = holder.getEntityManager();
    } catch (IllegalStateException without) {
      return NONE; // nothing was read through it, or only without keeping anything
    }
    while (manager instanceof EntityManagerProxy proxy) {
      manager = proxy.getTargetEntityManager();
    }
    return openings.getOrDefault(manager, UnitOfWork.UNSEEN);
  }

  private void opened(EntityManager manager) {
    LogicalClock present = clock;
    if (present != null) {
      openings.put(manager, present.now());
    }
  }

  /** Records the opening before the initializer of the application can read data. */
  private record Watching(
      PersistenceContextPostProcessor openings, @Nullable Consumer<EntityManager> next)
      implements Consumer<EntityManager> {

    @Override
    public void accept(EntityManager manager) {
      openings.opened(manager);
      if (next != null) {
        next.accept(manager);
      }
    }
  }
}

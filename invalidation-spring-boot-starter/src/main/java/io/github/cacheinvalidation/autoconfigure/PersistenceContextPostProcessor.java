package io.github.cacheinvalidation.autoconfigure;

import io.github.cacheinvalidation.fence.LogicalClock;
import io.github.cacheinvalidation.transaction.PersistenceContexts;
import io.github.cacheinvalidation.transaction.UnitOfWork;
import jakarta.persistence.EntityManager;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.orm.jpa.AbstractEntityManagerFactoryBean;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.EntityManagerProxy;
import org.springframework.orm.jpa.JpaVendorAdapter;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Notes when each entity manager is opened, and finds those that are bound to a thread, as
 * open-in-view binds one to the thread of a request. Every factory bean shows its new entity
 * managers to its vendor adapter before anybody uses them; this one looks on. An entity manager
 * that comes from elsewhere, or that was opened before there was a node, counts as unseen.
 */
final class PersistenceContextPostProcessor
    implements BeanPostProcessor, PriorityOrdered, PersistenceContextSupport, PersistenceContexts {

  private final Map<EntityManager, Long> openings =
      Collections.synchronizedMap(new WeakHashMap<>());

  private volatile @Nullable LogicalClock clock;

  @Override
  public PersistenceContexts create(LogicalClock nodeClock) {
    clock = nodeClock;
    return this;
  }

  @Override
  public Object postProcessBeforeInitialization(Object bean, String beanName) {
    if (bean instanceof AbstractEntityManagerFactoryBean factory) {
      JpaVendorAdapter adapter = factory.getJpaVendorAdapter();
      if (adapter != null) {
        factory.setJpaVendorAdapter(watched(adapter));
      }
    }
    return bean;
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
      return NONE; // nothing has been read through it, or only by what keeps nothing
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

  /** A proxy, so that what later versions add to the interface reaches the adapter too. */
  private JpaVendorAdapter watched(JpaVendorAdapter adapter) {
    InvocationHandler watching =
        (proxy, method, arguments) -> {
          if (method.getName().equals("postProcessEntityManager")) {
            opened((EntityManager) arguments[0]);
          }
          return invoke(adapter, method, arguments);
        };
    return (JpaVendorAdapter)
        Proxy.newProxyInstance(
            JpaVendorAdapter.class.getClassLoader(),
            new Class<?>[] {JpaVendorAdapter.class},
            watching);
  }

  private static @Nullable Object invoke(
      JpaVendorAdapter adapter, Method method, Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(adapter, arguments);
    } catch (InvocationTargetException failure) {
      throw failure.getTargetException();
    }
  }
}

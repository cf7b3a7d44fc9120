package io.github.cacheinvalidation.autoconfigure.internal.event;

import io.github.cacheinvalidation.autoconfigure.InvalidationEvent;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.GenericApplicationListenerAdapter;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.ResolvableType;

/**
 * Knows whether an application listens to {@link InvalidationEvent}s. The answer is computed again
 * only when the number of listeners has changed. Of lazy listeners only those that exist count.
 */
final class EventListeners {

  private static final ResolvableType EVENT =
      ResolvableType.forClassWithGenerics(PayloadApplicationEvent.class, InvalidationEvent.class);

  private final ApplicationContext context;

  private volatile int known = -1;

  private volatile boolean present;

  EventListeners(ApplicationContext context) {
    this.context = context;
  }

  /** Returns whether there is a listener, also if it listens to events of any kind. */
  boolean arePresent() {
    int count = 0;
    for (ApplicationContext each = context; each != null; each = each.getParent()) {
      count += of(each).size();
    }
    if (count != known) {
      present = find();
      known = count;
    }
    return present;
  }

  private boolean find() {
    for (@Nullable ApplicationContext each = context; each != null; each = each.getParent()) {
      try {
        for (ApplicationListener<?> listener : List.copyOf(of(each))) {
          if (new GenericApplicationListenerAdapter(listener).supportsEventType(EVENT)) {
            return true;
          }
        }
      } catch (ConcurrentModificationException beingChanged) {
        return true;
      }
    }
    return false;
  }

  private static Collection<ApplicationListener<?>> of(ApplicationContext context) {
    return context instanceof AbstractApplicationContext known
        ? known.getApplicationListeners()
        : List.of();
  }
}

package io.github.cacheinvalidation.autoconfigure.internal.event;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.NodeStatus.State;
import io.github.cacheinvalidation.autoconfigure.InvalidationEvent;
import io.github.cacheinvalidation.autoconfigure.InvalidationEvent.Kind;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ApplicationContextEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Publishes what happens on the node as {@link InvalidationEvent}s of the application context, on a
 * thread of the application. Events wait in a bounded queue. One task at a time publishes them, and
 * ends when none is left. Without listeners nothing is queued once the context is refreshed.
 */
public final class InvalidationEvents implements ApplicationListener<ApplicationContextEvent> {

  static final int MOST_OF_CACHES = 1000;

  static final int MOST = MOST_OF_CACHES + 100;

  /** The executor of Spring Boot for tasks of an application. */
  private static final String EXECUTOR = "applicationTaskExecutor";

  private static final Logger log = LoggerFactory.getLogger(InvalidationNode.class);

  private final ApplicationContext context;

  private final EventListeners listeners;

  private final Queue<InvalidationEvent> waiting = new ArrayDeque<>();

  /** Whether a task publishes, or is about to. */
  private boolean publishing;

  private volatile boolean refreshed;

  private volatile boolean closed;

  private boolean toldOfFailure;

  private int dropped;

  private final InvalidationObserver observer = new Observer();

  public InvalidationEvents(ApplicationContext context) {
    this.context = context;
    this.listeners = new EventListeners(context);
  }

  @Override
  public void onApplicationEvent(ApplicationContextEvent event) {
    if (!event.getApplicationContext().equals(context)) {
      return; // of a child context
    }
    if (event instanceof ContextClosedEvent) {
      closed = true;
      clear();
    } else if (event instanceof ContextRefreshedEvent) {
      refreshed = true;
      if (listeners.arePresent()) {
        publishLater();
      } else {
        clear();
      }
    }
  }

  /**
   * Returns what the node tells. It is no bean, so that a test can replace the only observer by its
   * type.
   */
  public InvalidationObserver observer() {
    return observer;
  }

  /** Adds an event for what the node tells. */
  private final class Observer implements InvalidationObserver {

    @Override
    public void statusChanged(NodeStatus before, NodeStatus now) {
      if (before.state() == State.JOINING && now.isJoined()) {
        add(Kind.JOINED, now, null, null, 0);
      } else if (before.isJoined() && now.state() == State.COHERENT) {
        add(Kind.COHERENT, now, null, null, 0);
      }
      if (now.state() == State.CUT_OFF && before.state() != State.CUT_OFF) {
        add(Kind.CUT_OFF, now, null, null, 0);
      }
    }

    @Override
    public void cleared(String cache, ClearReason reason) {
      add(Kind.CLEARED, null, cache, reason, 0);
    }

    @Override
    public void applied(String cache, int keys) {
      add(Kind.APPLIED, null, cache, null, keys);
    }
  }

  private void add(
      Kind kind,
      @Nullable NodeStatus status,
      @Nullable String cache,
      @Nullable ClearReason reason,
      int keys) {
    if (closed || (refreshed && !listeners.arePresent())) {
      return;
    }
    InvalidationEvent event =
        new InvalidationEvent(kind, Instant.now(), status, cache, reason, keys);
    if (!enqueue(event)) {
      return;
    }
    if (refreshed) {
      publishLater();
    }
  }

  /** Before the context is refreshed, a full queue is no loss: nobody may listen. */
  private synchronized boolean enqueue(InvalidationEvent event) {
    if (waiting.size() < (isOfNode(event.kind()) ? MOST : MOST_OF_CACHES)) {
      return waiting.add(event);
    }
    dropped++;
    if (dropped == 1 && refreshed) {
      log.warn(
          "{} InvalidationEvents wait for their listeners, so further ones are dropped until there"
              + " is room. Let slow listeners hand their work on",
          waiting.size());
    }
    return false;
  }

  /** Returns whether such an event concerns the node, and not only one cache. */
  private static boolean isOfNode(Kind kind) {
    return kind == Kind.JOINED || kind == Kind.CUT_OFF || kind == Kind.COHERENT;
  }

  /** Returns how many events wait. */
  synchronized int waiting() {
    return waiting.size();
  }

  private synchronized void clear() {
    waiting.clear();
    dropped = 0;
  }

  private void publishLater() {
    synchronized (this) {
      if (publishing || waiting.isEmpty()) {
        return;
      }
      publishing = true;
    }
    boolean accepted = false;
    try {
      executor().execute(this::publishAll);
      accepted = true;
    } catch (RejectedExecutionException busy) {
      log.debug("The executor is busy or ends; the next event tries again", busy);
    } finally {
      if (!accepted) { // rejected, or there is no executor or no thread
        synchronized (this) {
          publishing = false;
        }
      }
    }
  }

  private Executor executor() {
    return context.containsBean(EXECUTOR) && context.isTypeMatch(EXECUTOR, Executor.class)
        ? context.getBean(EXECUTOR, Executor.class)
        : InvalidationEvents::ownThread;
  }

  private static void ownThread(Runnable task) {
    Thread thread = new Thread(task, "cache-invalidation-events");
    thread.setDaemon(true);
    thread.start();
  }

  private void publishAll() {
    InvalidationEvent event = next();
    while (event != null) {
      publish(event);
      event = next();
    }
  }

  private synchronized @Nullable InvalidationEvent next() {
    InvalidationEvent next = closed ? null : waiting.poll();
    publishing = next != null;
    if (next == null && dropped > 0 && !closed) {
      log.info("InvalidationEvents have room again; {} were dropped", dropped);
      dropped = 0;
    }
    return next;
  }

  private void publish(InvalidationEvent event) {
    try {
      context.publishEvent(event);
    } catch (RuntimeException | Error failure) {
      if (!closed && !toldOfFailure) {
        toldOfFailure = true;
        log.warn(
            "A listener to InvalidationEvent threw an exception; later listeners may have missed"
                + " the event {}. Further exceptions are logged at DEBUG",
            event.kind(),
            failure);
      } else {
        log.debug("A listener to InvalidationEvent threw an exception", failure);
      }
    }
  }
}

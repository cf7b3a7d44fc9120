package io.github.cacheinvalidation.autoconfigure.tracing;

import io.github.cacheinvalidation.internal.message.Message;
import io.github.cacheinvalidation.internal.message.MessageTracer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Observes each publication of a message and each application. A tracing system that handles these
 * observations writes its fields, such as {@code traceparent}, into the message; the receiving node
 * passes them to its own. An exception of a handler is logged, and the message goes on.
 *
 * <p>The registry is used from the time on when all singletons exist: its handlers need beans that
 * need the node.
 */
final class ObservedMessages implements MessageTracer, SmartInitializingSingleton {

  static final String PUBLISH = "invalidation.publish";

  static final String APPLY = "invalidation.apply";

  private static final Logger log = LoggerFactory.getLogger(ObservedMessages.class);

  private final ObjectProvider<ObservationRegistry> provider;

  private volatile ObservationRegistry registry = ObservationRegistry.NOOP;

  ObservedMessages(ObjectProvider<ObservationRegistry> provider) {
    this.provider = provider;
  }

  @Override
  public void afterSingletonsInstantiated() {
    registry = provider.getIfUnique(() -> ObservationRegistry.NOOP);
  }

  @Override
  public @Nullable Object current() {
    return registry.getCurrentObservation();
  }

  @Override
  public Tracing publishing(@Nullable Object cause, int keys, int wholeCaches) {
    ObservationRegistry present = registry;
    if (present.isNoop()) {
      return Tracing.NONE;
    }
    Map<String, String> fields = new ConcurrentHashMap<>();
    SenderContext<Map<String, String>> context =
        new SenderContext<>(
            (carrier, name, value) -> {
              if (carrier != null) {
                carrier.put(name, value);
              }
            },
            Kind.PRODUCER);
    context.setCarrier(fields);
    Observation observation =
        started(
            () -> {
              Observation created =
                  described(PUBLISH, context, present)
                      .highCardinalityKeyValue("invalidation.keys", String.valueOf(keys))
                      .highCardinalityKeyValue("invalidation.caches", String.valueOf(wholeCaches));
              return cause instanceof Observation parent
                  ? created.parentObservation(parent)
                  : created;
            });
    return new ObservedPublication(observation, Map.copyOf(fields));
  }

  @Override
  public void applying(Message message, Runnable application) {
    ObservationRegistry present = registry;
    if (present.isNoop()) {
      application.run();
      return;
    }
    ReceiverContext<Map<String, String>> context =
        new ReceiverContext<>((carrier, name) -> carrier.get(name), Kind.CONSUMER);
    context.setCarrier(message.trace());
    Observation observation =
        started(
            () ->
                described(APPLY, context, present)
                    .highCardinalityKeyValue(
                        "invalidation.sender", String.valueOf(message.origin())));
    try {
      application.run();
    } catch (RuntimeException | Error failure) {
      safely(() -> observation.error(failure));
      throw failure;
    } finally {
      safely(observation::stop);
    }
  }

  private static Observation described(
      String name, Observation.Context context, ObservationRegistry present) {
    return Observation.createNotStarted(name, () -> context, present)
        .contextualName(name.replace('.', ' '));
  }

  /** Starts an observation; returns one without effect if a handler throws. */
  private static Observation started(Supplier<Observation> creation) {
    try {
      return creation.get().start();
    } catch (RuntimeException | LinkageError failure) {
      log.debug("An observation could not be started", failure);
      return Observation.NOOP;
    }
  }

  private static void safely(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | LinkageError failure) {
      log.debug("An observation threw an exception", failure);
    }
  }

  /** The publication of one message. */
  private static final class ObservedPublication implements Tracing {

    private final Observation observation;

    private final Map<String, String> fields;

    private boolean ended;

    ObservedPublication(Observation observation, Map<String, String> fields) {
      this.observation = observation;
      this.fields = fields;
    }

    @Override
    public Map<String, String> fields() {
      return fields;
    }

    @Override
    public void ended(@Nullable Throwable failure) {
      synchronized (this) {
        if (ended) {
          return;
        }
        ended = true;
      }
      safely(
          () -> {
            if (failure != null) {
              observation.error(failure);
            }
            observation.stop();
          });
    }
  }
}

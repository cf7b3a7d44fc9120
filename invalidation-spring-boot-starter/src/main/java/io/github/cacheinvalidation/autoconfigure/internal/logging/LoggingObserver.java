package io.github.cacheinvalidation.autoconfigure.internal.logging;

import io.github.cacheinvalidation.FillRefusal;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.NodeStatus.Impairment;
import io.github.cacheinvalidation.NodeStatus.State;
import io.github.cacheinvalidation.OverflowCause;
import io.github.cacheinvalidation.internal.channel.PublicationRefusedException;
import io.github.cacheinvalidation.internal.channel.RefusedException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * Logs the events of a node for an operator: the start and the end of each outage once, however
 * often the node retries; the first remedy that becomes known during an outage; and each kind of
 * defect once, with its remedy. If outages follow each other within a minute, only a summary is
 * logged.
 */
final class LoggingObserver implements InvalidationObserver {

  /** Limit of memory: after this many kinds of defects, further kinds are not logged. */
  private static final int MOST_DEFECTS = 1000;

  private static final String MEANWHILE =
      " Meanwhile the application works: caches keep entries no longer than their staleness bound,"
          + " and writes wait to be published. Reason: {}";

  private static final String CUT_OFF =
      "Cut off from the channel; the node retries until the channel answers." + MEANWHILE;

  private static final String NOT_CONNECTED =
      "Not connected to the channel yet; the node retries until a server answers." + MEANWHILE;

  private static final String ANSWERS_AGAIN = "The channel answers again after {}";

  private static final String CONNECTED = "Connected to the channel after {}";

  private static final String NO_ARRAY =
      "Use a list instead of the array. A method with an array as its only parameter needs no"
          + " change, because Spring wraps it in a SimpleKey";

  private final NodeLog log;

  private final NodeFacts facts;

  private final Set<String> told = ConcurrentHashMap.newKeySet();

  private final ProblemLog outage;

  private final ProblemLog refusal;

  /** Whether messages of any channel are refused, as the status says. */
  private boolean refused;

  LoggingObserver(NodeLog log, LongSupplier nanoTime, NodeFacts facts) {
    this.log = log;
    this.facts = facts;
    outage = new ProblemLog(log, nanoTime, "Cut off from the channel");
    refusal = new ProblemLog(log, nanoTime, "Messages were refused");
  }

  @Override
  public synchronized void statusChanged(NodeStatus before, NodeStatus now) {
    if (before.state() == State.JOINING && now.isJoined()) {
      log.info(
          "Joined the channel: from now on this node receives the writes of all nodes. {}",
          facts.sentence());
    }
    boolean was = refused;
    refused = now.impairments().contains(Impairment.REFUSALS);
    boolean startsOrStops = before.state() == State.STOPPED || now.state() == State.STOPPED;
    if (was && !refused && !startsOrStops) {
      refusal.end(); // not at a start: it resets the known refusals, but nothing was accepted
    }
    if (isCutOff(now)) {
      boolean joining = now.state() == State.JOINING;
      outage.begin(
          joining ? NOT_CONNECTED : CUT_OFF,
          joining ? CONNECTED : ANSWERS_AGAIN,
          String.valueOf(now.reason()));
    } else if (before.state() != State.STOPPED || now.state() == State.STOPPED) {
      outage.end(); // not at a start: it resets the known failures, but ends no outage
    }
  }

  /**
   * Returns whether to log an outage. Unlike {@link State#CUT_OFF}, a refused message is no outage,
   * because {@link #publishFailed} logs it; a failure before the node has joined is one.
   */
  private static boolean isCutOff(NodeStatus status) {
    return status.impairments().stream().anyMatch(each -> each != Impairment.REFUSALS);
  }

  @Override
  public synchronized void checked() {
    outage.look();
    refusal.look();
  }

  @Override
  public synchronized void published(int keys, int wholeCaches) {
    if (!refused) {
      refusal.end(); // else those of another channel are refused
    }
  }

  @Override
  public synchronized void subscriptionLost(Throwable cause) {
    tellRemedy(cause);
  }

  @Override
  public synchronized void checkFailed(RuntimeException cause) {
    tellRemedy(cause);
  }

  @Override
  public synchronized void publishFailed(RuntimeException cause) {
    if (cause instanceof PublicationRefusedException) {
      refusal.begin(
          "Redis refused a message. The node keeps the message and sends it again until Redis accepts"
              + " it. Reason: {}",
          "Messages are accepted again after {}",
          String.valueOf(cause.getMessage()));
    } else {
      tellRemedy(cause);
    }
  }

  /** Logs a refusal even if the outage began with another failure, because it names a remedy. */
  private void tellRemedy(Throwable cause) {
    log.debug("Cut off from the channel, or still connecting", cause);
    outage.look();
    if (cause instanceof RefusedException) {
      outage.tellRemedy(
          "Still not connected to the channel. Reason: {}", String.valueOf(cause.getMessage()));
    }
  }

  @Override
  public void outboxOverflowed(String cache, OverflowCause cause) {
    if (!tellFirst("overflow " + cause + " " + cache)) {
      return;
    }
    if (cause == OverflowCause.FOREIGN) {
      log.warn(
          "Keys become stale faster than the messages of a ForeignMessageWriter are published, and"
              + " more keys wait than invalidation.publish.max-pending-keys allows, so the writer"
              + " gets the whole cache '{}' instead of its keys. Raise this limit, or clear the"
              + " cache instead of evicting so many keys",
          cache);
    } else if (cause == OverflowCause.NOT_ACCEPTED) {
      log.warn(
          "Redis accepts no messages, and more keys wait than invalidation.publish.max-pending-keys"
              + " allows, so the whole cache '{}' will be invalidated. Raise this limit if outages"
              + " of this length are usual",
          cache);
    } else {
      log.warn(
          "Redis accepts messages, but keys are written faster than the node can publish them,"
              + " and a write has waited too long for room, so the whole cache '{}' will be"
              + " invalidated. Raise invalidation.publish.max-pending-keys, or clear the cache"
              + " instead of evicting so many keys",
          cache);
    }
  }

  @Override
  public void foreignWriteFailed(String cache, Throwable cause, boolean retried) {
    log.debug("A message of a ForeignMessageWriter was not published", cause);
    if (!tellFirst("foreign " + retried + " " + cause.getClass().getName())) {
      return;
    }
    if (retried) {
      log.warn(
          "A message of a ForeignMessageWriter for cache '{}' was not published; the node publishes"
              + " it again until Redis answers. Reason: {}. Further failures of this kind are only"
              + " counted",
          cache,
          cause.getMessage());
    } else {
      log.warn(
          "A message of a ForeignMessageWriter for cache '{}' is lost, so programs that read it may"
              + " keep the old value until it expires there. If the reason is an exception of the"
              + " writer, correct the writer. Reason: {}. Further losses of this kind are only"
              + " counted",
          cache,
          cause.toString());
    }
  }

  @Override
  public void keyNotEncodable(String cache, Class<?> type, Class<?> part, String reason) {
    if (tellFirst("key " + cache + " " + part.getName())) {
      log.warn(
          "Keys of {} in cache '{}' cannot be written into a message and read back as equal keys,"
              + " so each write of such a key invalidates the whole cache. Reason: {} {}. {}",
          type,
          cache,
          part.getTypeName(),
          reason,
          remedy(part));
    }
  }

  /** Returns what to do; usually the declaration of a bean, to copy and complete. */
  private static String remedy(Class<?> part) {
    String name = part.getSimpleName();
    if (part.isArray()) {
      return NO_ARRAY;
    }
    if (name.isEmpty()) {
      return "Use a key of a class that has a name";
    }
    String codec = StringUtils.uncapitalize(name);
    return ("Declare a bean that writes %1$s as text and reads it back: @Bean KeyCodec<%1$s>"
            + " %2$sCodec() { return KeyCodec.of(\"%2$s\", %1$s.class, key -> \"...\", text ->"
            + " new %1$s(...)); }. The alternatives are in docs/protocol.md, section Typed"
            + " keys")
        .formatted(name, codec);
  }

  @Override
  public void keyTooLong(String cache, Class<?> type, int bytes, int most) {
    if (tellFirst("long key " + cache + " " + type.getName())) {
      log.warn(
          "A key of {} in cache '{}' takes {} bytes in a message, more than the limit of {}, so the"
              + " write invalidates the whole cache. Use shorter keys, such as a hash of the text."
              + " Further keys of this type that are too long are only counted",
          type,
          cache,
          bytes,
          most);
    }
  }

  @Override
  public void fillRefused(String cache, FillRefusal reason) {
    if (reason == FillRefusal.UNSEEN_TRANSACTION && tellFirst("unseen")) {
      log.warn(
          "A value loaded for cache '{}' was not stored, and no value loaded in this way will be:"
              + " the node does not know when its transaction began, or when the persistence"
              + " context was opened. Make every transaction manager a bean that is a"
              + " ConfigurableTransactionManager, and create every entity manager with a"
              + " LocalContainerEntityManagerFactoryBean that has a JpaVendorAdapter. Further"
              + " refused values are only counted",
          cache);
    }
  }

  @Override
  public void unreadable(String kind, String detail) {
    if (tellFirst("unreadable " + kind)) {
      log.warn(
          "A message was not applied ({}): {}. Send a form that docs/protocol.md describes,"
              + " declare a ForeignMessageReader bean for other forms, or set"
              + " invalidation.channel to a channel that only this application uses. Further"
              + " messages of this kind are not logged",
          kind,
          detail);
    }
  }

  @Override
  public void unpublishedAtStop(int keys, int wholeCaches, @Nullable RuntimeException cause) {
    log.warn(
        "Stopped with {} keys and {} whole caches not published: other nodes may serve old values"
            + " until their entries expire. To wait longer at a stop, raise"
            + " invalidation.publish.timeout. Last failure: {}",
        keys,
        wholeCaches,
        cause == null ? "none" : cause.getMessage());
  }

  @Override
  public void writtenTooLate(String cache) {
    if (tellFirst("too late " + cache)) {
      log.warn(
          "Cache '{}' was written after the node had closed, so other nodes may serve the old"
              + " value until their entries expire. Write before beans are destroyed, for example"
              + " in stop() of a SmartLifecycle. Further late writes to this cache are not logged",
          cache);
    }
  }

  private boolean tellFirst(String defect) {
    return told.size() < MOST_DEFECTS && told.add(defect);
  }
}

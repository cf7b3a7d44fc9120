package io.github.cacheinvalidation.autoconfigure;

import io.github.cacheinvalidation.FillRefusal;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.NodeStatus.Impairment;
import io.github.cacheinvalidation.NodeStatus.State;
import io.github.cacheinvalidation.OverflowCause;
import io.github.cacheinvalidation.internal.channel.PublicationRefusedException;
import io.github.cacheinvalidation.internal.channel.RefusedException;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log what a person has to know: the beginning and the end of each outage once, however
 * often the node tries, the first remedy during an outage, and each defect once, with its remedy.
 * Of outages that follow each other within a minute only a summary is told.
 */
final class LoggingObserver implements InvalidationObserver {

  /** More kinds of defects than this are not told apart, whatever the channel brings. */
  private static final int MOST_DEFECTS = 1000;

  private static final String MEANWHILE =
      " Meanwhile the application works: caches keep entries no longer than their staleness bound,"
          + " and writes wait to be published: {}";

  private static final String CUT_OFF =
      "Cut off from the channel; trying again until it answers." + MEANWHILE;

  private static final String NOT_CONNECTED =
      "Not connected to the channel yet; trying again until a server answers." + MEANWHILE;

  private static final String ANSWERS_AGAIN = "The channel answers again after {}";

  private static final String CONNECTED = "Connected to the channel after {}";

  private static final Logger log = LoggerFactory.getLogger(DefaultInvalidationNode.class);

  private final Set<String> told = ConcurrentHashMap.newKeySet();

  private final Trouble outage;

  private final Trouble refusal;

  LoggingObserver() {
    this(System::nanoTime);
  }

  LoggingObserver(LongSupplier nanoTime) {
    outage = new Trouble(log, nanoTime, "Cut off from the channel");
    refusal = new Trouble(log, nanoTime, "Messages were refused");
  }

  @Override
  public synchronized void statusChanged(NodeStatus before, NodeStatus now) {
    if (before.state() == State.JOINING && now.isJoined()) {
      log.info("Joined the channel: from now on caches hear of every write");
    }
    if (isCutOff(now)) {
      boolean joining = now.state() == State.JOINING;
      outage.begin(
          joining ? NOT_CONNECTED : CUT_OFF,
          joining ? CONNECTED : ANSWERS_AGAIN,
          String.valueOf(now.reason()));
    } else if (before.state() != State.STOPPED || now.state() == State.STOPPED) {
      outage.end(); // a node that starts knows of no failure, which ends none
    }
  }

  /** A message that is refused is told by itself, and cuts nobody off. */
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
    refusal.end();
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
          "A message was refused; it is kept and tried again until it is accepted: {}",
          "Messages are accepted again after {}",
          String.valueOf(cause.getMessage()));
    } else {
      tellRemedy(cause);
    }
  }

  /** A refusal names a remedy, so it is told even if the outage began with something else. */
  private void tellRemedy(Throwable cause) {
    log.debug("Cut off, or still connecting, because of", cause);
    outage.look();
    if (cause instanceof RefusedException) {
      outage.tellRemedy(
          "Still no connection to the channel: {}", String.valueOf(cause.getMessage()));
    }
  }

  @Override
  public void outboxOverflowed(String cache, OverflowCause cause) {
    if (!tellFirst("overflow " + cause + " " + cache)) {
      return;
    }
    if (cause == OverflowCause.NOT_ACCEPTED) {
      log.warn(
          "Redis accepts no messages, and more keys wait than invalidation.publish.max-pending-keys"
              + " allows, so the whole cache '{}' will be invalidated. Raise the limit if outages"
              + " last that long",
          cache);
    } else {
      log.warn(
          "Redis accepts messages, but keys were written faster than they could be sent, for longer"
              + " than a write waits, so the whole cache '{}' will be invalidated. Raise"
              + " invalidation.publish.max-pending-keys, or clear the cache instead of evicting so"
              + " many keys",
          cache);
    }
  }

  @Override
  public void keyNotEncodable(String cache, Class<?> type) {
    if (tellFirst("key " + cache + " " + type.getName())) {
      log.warn(
          "Keys of {} in cache '{}' cannot be put into a message from which an equal key is read, so"
              + " each write of such a key invalidates the whole cache. Declare a bean KeyCodec.of(name, {}.class, encode, decode), or use keys that"
              + " are strings, numbers, enums, dates, UUIDs or records of these",
          type,
          cache,
          type.getSimpleName());
    }
  }

  @Override
  public void keyTooLong(String cache, Class<?> type, int bytes, int most) {
    if (tellFirst("long key " + cache + " " + type.getName())) {
      log.warn(
          "A key of {} in cache '{}' takes {} bytes in a message, more than the {} that a key may"
              + " take, so the write invalidates the whole cache. Use shorter keys, such as a hash of"
              + " the text. Further keys of this type that are too long are only counted",
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
          "A value loaded for cache '{}' was not stored, nor will others be that are loaded so: it is"
              + " not known when the transaction began, or when the persistence context was opened,"
              + " through which it was read. Let every transaction manager be a bean and a"
              + " ConfigurableTransactionManager, and every entity manager come from a"
              + " LocalContainerEntityManagerFactoryBean with a JpaVendorAdapter. Further ones are"
              + " only counted",
          cache);
    }
  }

  @Override
  public void unreadable(String kind, String detail) {
    if (tellFirst("unreadable " + kind)) {
      log.warn(
          "A message was not applied ({}): {}. Send one of the forms that docs/protocol.md describes,"
              + " declare a ForeignMessageReader bean for others, or let invalidation.channel name a"
              + " channel of this application alone. Further ones of this kind are only counted",
          kind,
          detail);
    }
  }

  @Override
  public void unpublishedAtStop(int keys, int wholeCaches, @Nullable RuntimeException cause) {
    log.warn(
        "Stopped with {} keys and {} whole caches not published: other nodes may serve them until"
            + " their entries expire. Raise invalidation.publish.timeout to wait longer at a stop: {}",
        keys,
        wholeCaches,
        cause == null ? "there was no failure" : cause.getMessage());
  }

  @Override
  public void writtenTooLate(String cache) {
    if (tellFirst("too late " + cache)) {
      log.warn(
          "Cache '{}' was written after the node had closed, so that other nodes may serve the old"
              + " value until their entries expire. Write before beans are destroyed, for example in"
              + " stop() of a SmartLifecycle. Further ones are not logged",
          cache);
    }
  }

  private boolean tellFirst(String defect) {
    return told.size() < MOST_DEFECTS && told.add(defect);
  }
}

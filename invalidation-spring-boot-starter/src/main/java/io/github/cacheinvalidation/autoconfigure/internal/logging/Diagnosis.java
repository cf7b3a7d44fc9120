package io.github.cacheinvalidation.autoconfigure.internal.logging;

import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.message.MessageEventListener;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/** What the node logs for an operator while it runs. */
public final class Diagnosis {

  static final String OPEN_IN_VIEW =
      "org.springframework.orm.jpa.support.OpenEntityManagerInViewInterceptor";

  private final List<InvalidationObserver> observers;

  private final List<MessageEventListener> listeners;

  private final ComparedSettings settings;

  /**
   * Creates all parts.
   *
   * @param facts the facts of the node
   * @param fixedNames the names of the only caches; empty if a cache is created for any name
   * @param expectedNodes how many nodes should listen to the channel; null if that is not known
   * @param channel the channel of the node
   * @param cacheChannels the channels of the caches that do not use that of the node
   */
  public Diagnosis(
      NodeFacts facts,
      Collection<String> fixedNames,
      @Nullable Integer expectedNodes,
      String channel,
      Map<String, String> cacheChannels,
      ConfigurableListableBeanFactory beans) {
    NodeLog log = new NodeLog(LoggerFactory.getLogger(InvalidationNode.class), facts);
    NodeLog messages =
        new NodeLog(LoggerFactory.getLogger(InvalidationNode.class.getName() + ".messages"), facts);
    this.observers =
        List.of(
            new LoggingObserver(log, System::nanoTime, facts),
            new OpenInViewHint(log, System::nanoTime, () -> isOpenInView(beans)));
    this.settings = new ComparedSettings(log, channel, cacheChannels);
    this.listeners =
        List.of(
            facts,
            settings,
            new MissingNodes(log, System::nanoTime, expectedNodes),
            new TwoMastersHint(log),
            new MessageDefects(log, fixedNames),
            new MessageDebug(messages));
  }

  public List<InvalidationObserver> observers() {
    return observers;
  }

  public List<MessageEventListener> listeners() {
    return listeners;
  }

  public ComparedSettings settings() {
    return settings;
  }

  /** Looks for Spring Boot's interceptor; creates no bean. */
  private static boolean isOpenInView(ConfigurableListableBeanFactory beans) {
    ClassLoader loader = beans.getBeanClassLoader();
    return ClassUtils.isPresent(OPEN_IN_VIEW, loader)
        && beans.getBeanNamesForType(ClassUtils.resolveClassName(OPEN_IN_VIEW, loader), true, false)
                .length
            > 0;
  }
}

package io.github.cacheinvalidation.autoconfigure;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** The output of all loggers, including those of foreign code, for a person. */
public final class Logged extends AppenderBase<ILoggingEvent> implements AutoCloseable {

  private static final Logger ROOT =
      (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

  private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

  public Logged() {
    setContext(ROOT.getLoggerContext());
    start();
    ROOT.addAppender(this);
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getLevel().isGreaterOrEqual(Level.INFO)) {
      events.add(event);
    }
  }

  public List<String> warnings() {
    return events.stream()
        .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
        .map(event -> event.getLoggerName() + ": " + event.getFormattedMessage())
        .toList();
  }

  /** Returns what all loggers said, in this order. */
  List<String> lines() {
    return events.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  /** Returns the lines of the starter and the core, with their levels. */
  public List<String> ours() {
    return events.stream()
        .filter(event -> event.getLoggerName().startsWith("io.github.cacheinvalidation."))
        .map(event -> event.getLevel() + " " + event.getFormattedMessage())
        .toList();
  }

  public boolean says(String text) {
    return events.stream().anyMatch(event -> event.getFormattedMessage().contains(text));
  }

  @Override
  public void close() {
    ROOT.detachAppender(this);
    stop();
  }
}

package io.github.cacheinvalidation.testing.junit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.github.cacheinvalidation.InvalidationNode;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** The lines that are logged while it is open, from a level on. */
public final class LogLines implements AutoCloseable {

  private final Logger logger;

  private final List<String> lines = new CopyOnWriteArrayList<>();

  private final AppenderBase<ILoggingEvent> appender;

  private LogLines(String loggerName, Level least) {
    this.logger = (Logger) LoggerFactory.getLogger(loggerName);
    this.appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(least)) {
              lines.add(event.getLevel() + " " + event.getFormattedMessage());
            }
          }
        };
    appender.setContext(logger.getLoggerContext());
    appender.start();
    logger.addAppender(appender);
  }

  /** Begins to listen to the warnings and errors of all loggers. */
  public static LogLines warnings() {
    return new LogLines(org.slf4j.Logger.ROOT_LOGGER_NAME, Level.WARN);
  }

  /** Begins to listen to the warnings and errors of a logger and those below it. */
  public static LogLines warningsOf(String loggerName) {
    return new LogLines(loggerName, Level.WARN);
  }

  /** Begins to listen to what nodes log, from {@code INFO} on. */
  public static LogLines ofNodes() {
    return new LogLines(InvalidationNode.class.getPackageName(), Level.INFO);
  }

  /** Returns all lines. Each begins with its level and a blank. */
  public List<String> all() {
    return List.copyOf(lines);
  }

  /** Returns the lines that contain a text. Each begins with its level and a blank. */
  public List<String> containing(String text) {
    return lines.stream().filter(line -> line.contains(text)).toList();
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
    appender.stop();
  }
}

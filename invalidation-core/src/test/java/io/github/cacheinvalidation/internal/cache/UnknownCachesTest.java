package io.github.cacheinvalidation.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a person can see of messages that name a cache that this node does not have. */
@Tag("G7")
class UnknownCachesTest {

  private final Logger logger = (Logger) LoggerFactory.getLogger(ListeningCaches.class);

  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  private final TestCaches caches = TestCaches.create();

  @BeforeEach
  void listen() {
    logger.setLevel(Level.DEBUG);
    logged.start();
    logger.addAppender(logged);
    caches.cache("prices");
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(logged);
    logger.setLevel(null);
  }

  private List<String> lines() {
    return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void cacheThatTheNodeDoesNotHave_isNamedAtDebugForEachMessage() {
    for (String message :
        List.of(
            "{\"cache\":\"typo\"}",
            "{\"cache\":\"typo\",\"key\":7}",
            "{\"cache\":\"typo\",\"keys\":[7,8]}",
            "{\"v\":1,\"body\":1,\"caches\":{\"typo\":[7]}}",
            "{\"v\":1,\"body\":2,\"caches\":{\"typo\":{}}}")) {
      caches.receive(message);
    }

    assertThat(lines()).hasSize(5).allMatch(line -> line.contains("cache 'typo'"));
    assertThat(logged.list).allMatch(event -> event.getLevel() == Level.DEBUG);
  }

  @Test
  void cacheThatTheNodeHas_isNotNamed() {
    caches.receive("{\"cache\":\"prices\"}");
    caches.receive("{\"cache\":\"*\"}");

    assertThat(lines()).isEmpty();
  }

  @Test
  void nameThatWouldHarmALog_isCutAndHasNoControlCharacters() {
    caches.receive("{\"cache\":\"a\\nb\\u202e\\ud800" + "x".repeat(100_000) + "\"}");

    assertThat(lines()).singleElement().asString().contains("'a?b??xxx").hasSizeLessThan(220);
  }
}

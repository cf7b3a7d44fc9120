package io.github.cacheinvalidation.autoconfigure.internal.logging;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.autoconfigure.Logged;
import io.github.cacheinvalidation.internal.group.GroupSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What an operator reads about groups. */
class LoggingGroupListenerTest {

  private static final String NODE = " [node n, channel c]";

  private final Logged logged = new Logged();

  private long nanos;

  private final LoggingGroupListener listener =
      new LoggingGroupListener(
          new NodeLog(
              LoggerFactory.getLogger("io.github.cacheinvalidation.test"), () -> "n", () -> "c"),
          () -> nanos,
          GroupSettings.defaults());

  @AfterEach
  void close() {
    logged.close();
  }

  /**
   * Returns the lines without the name and the channel of the node, which each of them ends with.
   */
  private List<String> told() {
    List<String> lines = logged.ours();
    assertThat(lines).allMatch(line -> line.endsWith(NODE));
    return lines.stream().map(line -> line.replace(NODE, "")).toList();
  }

  @Test
  void handlerThatFails_isToldOnce_andItsRecoveryToo() {
    listener.failed("cdn", "1-0", 1, new IllegalStateException("down"));
    listener.failed("cdn", "1-0", 2, new IllegalStateException("down"));
    nanos += Duration.ofSeconds(3).toNanos();
    listener.handled("cdn");
    listener.handled("cdn");

    assertThat(told())
        .containsExactly(
            "WARN The handler of group 'cdn' failed. Each message is tried 10 times"
                + " (invalidation.groups.max-attempts), then kept as a dead letter. First failure:"
                + " message 1-0, attempt 1: java.lang.IllegalStateException: down",
            "INFO The handler of group 'cdn' works again after 3.0 s");
  }

  @Test
  void deadLetter_isToldWithItsPlace() {
    listener.deadLetter("cdn", "1-0", "down", "{shop}:log:cdn:dead");

    assertThat(told())
        .containsExactly(
            "WARN Group 'cdn' did not handle a message in its last attempt. Redis keeps it in the"
                + " stream '{shop}:log:cdn:dead'. Message 1-0: down");
  }

  @Test
  void groupThatIsCutOff_isToldOnce_andItsReturnToo() {
    listener.cutOff("cdn", new IllegalStateException("no answer"));
    listener.cutOff("cdn", new IllegalStateException("no answer"));
    listener.reached("cdn");
    listener.reached("cdn");

    List<String> told = told();
    assertThat(told).hasSize(2);
    assertThat(told.get(0))
        .startsWith("WARN Group 'cdn' takes no messages of a channel;")
        .endsWith("Reason: no answer");
    assertThat(told.get(1))
        .isEqualTo("INFO Group 'cdn' takes messages of all channels again after 0.0 s");
  }
}

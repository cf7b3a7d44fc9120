package io.github.cacheinvalidation.autoconfigure.internal.logging;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.OverflowCause;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.PublicationRefusedException;
import io.github.cacheinvalidation.internal.channel.RefusedException;
import io.github.cacheinvalidation.internal.channel.StillConnectingException;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.receiver.Watermarks;
import io.github.cacheinvalidation.internal.status.StatusTracker;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.interceptor.SimpleKey;

@ExtendWith(OutputCaptureExtension.class)
@Tag("G5")
class LoggingObserverTest {

  private final ChannelException down = new ChannelException("Connection refused", null);

  private final AtomicLong clock = new AtomicLong();

  private final NodeFacts facts = new NodeFacts("shop-1", "10s", () -> "pubsub");

  private final LoggingObserver logging =
      new LoggingObserver(
          new NodeLog(LoggerFactory.getLogger(InvalidationNode.class), facts), clock::get, facts);

  private final StatusTracker status =
      new StatusTracker(logging, new CoherenceWatermark(0), clock::get, InstantSource.system());

  /** Tells the status first, as a node does. */
  private final InvalidationObserver observer = InvalidationObserver.all(List.of(status, logging));

  @BeforeEach
  void start() {
    status.started("channel");
  }

  private void join() {
    Watermarks.join(status);
    observer.joined();
  }

  @Test
  void outage_isOneWarningAndOneLineWhenItIsOver_withItsLength(CapturedOutput output) {
    join();
    for (int attempt = 0; attempt < 3; attempt++) {
      observer.subscriptionLost(down);
      observer.checkFailed(down);
      observer.publishFailed(down);
    }
    observer.subscribed();
    observer.checked();
    assertThat(lines(output)).hasSize(2);
    pass(Duration.ofMillis(2500));
    observer.published(1, 0);

    assertThat(lines(output)).hasSize(3);
    assertThat(lines(output).get(0)).contains("Joined");
    assertThat(lines(output).get(1)).contains("WARN", "Cut off from the channel", "refused");
    assertThat(lines(output).get(2)).contains("INFO", "The channel answers again after 2.5 s");
  }

  @Test
  void outageBeforeTheFirstJoin_isNotCalledCutOff(CapturedOutput output) {
    observer.checkFailed(down);
    observer.publishFailed(down);
    observer.subscribed();
    observer.checked();
    join();
    pass(Duration.ofSeconds(3));
    observer.published(1, 0);

    assertThat(lines(output)).hasSize(3);
    assertThat(lines(output).get(0))
        .contains("WARN", "Not connected to the channel yet", "the application works", "refused");
    assertThat(lines(output).get(2)).contains("INFO", "Connected to the channel after 3.0 s");
  }

  @Test
  void connectionThatIsStillBeingMade_isNotLogged(CapturedOutput output) {
    observer.checkFailed(new StillConnectingException("still being made"));
    observer.publishFailed(new StillConnectingException("still being made"));
    observer.checked();

    assertThat(lines(output)).isEmpty();
  }

  @Tag("G8.11")
  @Test
  void flappingConnection_isToldOnceAndThenSummedUpOnceAMinute(CapturedOutput output) {
    join();
    for (int flap = 0; flap < 90; flap++) {
      observer.checkFailed(down);
      pass(Duration.ofMillis(500));
      observer.checked();
      pass(Duration.ofMillis(500));
    }
    pass(Duration.ofMinutes(1));
    observer.checked();

    assertThat(lines(output)).hasSize(5);
    assertThat(lines(output).get(1)).contains("WARN", "Cut off from the channel;");
    assertThat(lines(output).get(2)).contains("INFO", "The channel answers again after 0.5 s");
    assertThat(lines(output).get(3))
        .contains(
            "WARN", "59 more times in the last 60.0 s, for 29.5 s in total. The problem is over");
    assertThat(lines(output).get(4))
        .contains(
            "WARN", "30 more times in the last 90.0 s, for 15.0 s in total. The problem is over");
  }

  @Tag("G8.11")
  @Test
  void outageThatLastsAfterAFlap_isToldWithinAMinute_andItsEndToo(CapturedOutput output) {
    join();
    observer.checkFailed(down);
    observer.checked();
    pass(Duration.ofSeconds(10));
    observer.checkFailed(down);
    assertThat(lines(output)).hasSize(3);

    pass(Duration.ofSeconds(50));
    observer.checkFailed(down);
    pass(Duration.ofSeconds(5));
    observer.checked();

    assertThat(lines(output)).hasSize(5);
    assertThat(lines(output).get(3))
        .contains(
            "WARN", "once more in the last 60.0 s, for 50.0 s in total. The problem persists");
    assertThat(lines(output).get(4)).contains("INFO", "answers again after 55.0 s");
  }

  @Test
  void refusalsThatComeAndGo_areSummedUpToo(CapturedOutput output) {
    PublicationRefusedException refusal =
        new PublicationRefusedException("OOM. Give Redis more memory", null, true);
    for (int i = 0; i < 10; i++) {
      observer.publishFailed(refusal);
      observer.published(1, 0);
    }
    pass(Duration.ofMinutes(1));
    observer.published(1, 0);

    assertThat(lines(output)).hasSize(3);
    assertThat(lines(output).get(2)).contains("WARN", "Messages were refused 9 more times");
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  @Test
  void refusalDuringAnOutage_isToldOnceWithItsRemedy(CapturedOutput output) {
    RefusedException refusal = new RefusedException("NOPERM. Allow the user", null);
    observer.subscriptionLost(down);
    for (int attempt = 0; attempt < 3; attempt++) {
      observer.subscriptionLost(refusal);
      observer.checkFailed(refusal);
      observer.checkFailed(down);
      observer.checked();
    }
    observer.subscribed();

    assertThat(lines(output)).hasSize(3);
    assertThat(lines(output).get(1)).contains("WARN", "NOPERM. Allow the user");
    assertThat(lines(output).get(2)).contains("INFO", "Connected to the channel");
  }

  @Test
  void refusalThatBeginsAnOutage_isItsOnlyWarning(CapturedOutput output) {
    observer.checkFailed(new RefusedException("NOPERM. Allow the user", null));
    observer.subscriptionLost(new RefusedException("NOPERM. Allow the user", null));

    assertThat(lines(output)).hasSize(1);
    assertThat(lines(output).get(0)).contains("WARN", "NOPERM. Allow the user");
  }

  @Test
  void secondOutageAMinuteLater_isToldAgain(CapturedOutput output) {
    observer.checkFailed(down);
    observer.checked();
    pass(Duration.ofMinutes(1));
    observer.checkFailed(down);

    assertThat(lines(output)).hasSize(3);
  }

  @Test
  void outageThatLastsOverARestart_isOverWhenTheNodeHasJoined(CapturedOutput output) {
    join();
    observer.checkFailed(down);
    status.stopped();
    status.started("channel");
    assertThat(lines(output)).hasSize(2);
    pass(Duration.ofSeconds(4));

    join();

    assertThat(lines(output)).hasSize(4);
    assertThat(lines(output).get(2)).contains("INFO", "Joined");
    assertThat(lines(output).get(3)).contains("INFO", "The channel answers again after 4.0 s");
  }

  /** Writes of beans that are being destroyed are published by a node that has stopped. */
  @Test
  void failedPublicationAfterTheStop_isAnOutage(CapturedOutput output) {
    join();
    status.stopped();
    observer.publishFailed(down);
    observer.published(1, 0);

    assertThat(lines(output)).hasSize(3);
    assertThat(lines(output).get(1)).contains("WARN", "Cut off from the channel", "refused");
    assertThat(lines(output).get(2)).contains("INFO", "The channel answers again");
  }

  @Test
  void gapsAndSuspicions_areNotLogged(CapturedOutput output) {
    join();
    Watermarks.suspect(status);
    status.trusted(status.suspicions());

    assertThat(lines(output)).hasSize(1);
  }

  @Test
  void quietOperation_isNotLogged(CapturedOutput output) {
    observer.subscribed();
    observer.checked();
    observer.published(3, 0);

    assertThat(lines(output)).isEmpty();
  }

  @Tag("G5.8")
  @Test
  void refusal_isToldOnceWithItsRemedyUntilAccepted(CapturedOutput output) {
    PublicationRefusedException refusal =
        new PublicationRefusedException("OOM. Give Redis more memory", null, false);
    observer.publishFailed(refusal);
    observer.publishFailed(refusal);
    observer.published(1, 0);

    assertThat(lines(output)).hasSize(2);
    assertThat(lines(output).get(0)).contains("WARN", "refused", "Give Redis more memory");
    assertThat(lines(output).get(1)).contains("Messages are accepted again");
  }

  @Test
  void restart_endsNoRefusal(CapturedOutput output) {
    observer.publishFailed(new PublicationRefusedException("OOM", null, false));
    status.stopped();
    status.started("channel");
    assertThat(lines(output)).hasSize(1);

    observer.published(1, 0);

    assertThat(lines(output)).hasSize(2);
    assertThat(lines(output).get(1)).contains("Messages are accepted again");
  }

  @Test
  void unreadableMessage_isToldOnceForEachKind(CapturedOutput output) {
    observer.unreadable("MALFORMED", "no JSON");
    observer.unreadable("MALFORMED", "no JSON either");
    observer.unreadable("OVERSIZED", "2 MiB");

    assertThat(lines(output)).hasSize(2);
    assertThat(lines(output).get(0))
        .contains("WARN", "no JSON", "docs/protocol.md", "ForeignMessageReader");
  }

  @Tag("G7.13")
  @Test
  void keyThatCannotBeEncoded_isToldOnceForEachCacheAndType(CapturedOutput output) {
    for (String cache : List.of("a", "a", "b")) {
      observer.keyNotEncodable(cache, SimpleKey.class, StringBuilder.class, "does not override it");
    }
    observer.keyNotEncodable("b", DayOfWeek.class, DayOfWeek.class, "is something else");

    assertThat(lines(output)).hasSize(3);
    assertThat(lines(output).get(0))
        .contains(
            "WARN",
            "class " + SimpleKey.class.getName() + " in cache 'a'",
            "Reason: java.lang.StringBuilder does not override it. ",
            "@Bean KeyCodec<StringBuilder> stringBuilderCodec() { return"
                + " KeyCodec.of(\"stringBuilder\", StringBuilder.class, ");
  }

  @Test
  void keyThatIsAnArray_isToldWithAnotherRemedyThanACodec(CapturedOutput output) {
    observer.keyNotEncodable("a", byte[].class, byte[].class, "equals only itself");

    assertThat(lines(output)).hasSize(1);
    assertThat(lines(output).get(0))
        .contains("Reason: byte[] equals only itself. Use a list instead of the array")
        .doesNotContain("KeyCodec");
  }

  @Tag("G7.9")
  @Test
  void keyThatIsTooLong_isToldOnceWithItsLengthAndTheLimit(CapturedOutput output) {
    observer.keyTooLong("a", String.class, 17_000, 16_384);
    observer.keyTooLong("a", String.class, 18_000, 16_384);
    observer.keyTooLong("b", String.class, 17_000, 16_384);

    assertThat(lines(output)).hasSize(2);
    assertThat(lines(output).get(0))
        .contains("WARN", "'a'", "takes 17000 bytes", "16384", "Use shorter keys")
        .doesNotContain("KeyCodec");
  }

  @Test
  void overflow_isToldOnceForEachCache(CapturedOutput output) {
    observer.outboxOverflowed("a", OverflowCause.NOT_ACCEPTED);
    observer.outboxOverflowed("a", OverflowCause.NOT_ACCEPTED);
    observer.outboxOverflowed("b", OverflowCause.NOT_ACCEPTED);

    assertThat(lines(output)).hasSize(2);
    assertThat(lines(output).get(0))
        .contains("WARN", "accepts no messages", "invalidation.publish.max-pending-keys", "'a'");
  }

  @Test
  void overflowByFastWriters_isNotToldAsAnOutage(CapturedOutput output) {
    observer.outboxOverflowed("a", OverflowCause.NOT_ACCEPTED);
    observer.outboxOverflowed("a", OverflowCause.OUTPACED);
    observer.outboxOverflowed("a", OverflowCause.OUTPACED);

    assertThat(lines(output)).hasSize(2);
    assertThat(lines(output).get(1))
        .contains("WARN", "accepts messages", "faster", "'a'")
        .doesNotContain("outage");
  }

  @Test
  void overflowOfForeignMessages_isNotToldAsOneOfTheNode(CapturedOutput output) {
    observer.outboxOverflowed("a", OverflowCause.FOREIGN);
    observer.outboxOverflowed("a", OverflowCause.FOREIGN);

    assertThat(lines(output)).hasSize(1);
    assertThat(lines(output).get(0))
        .contains("WARN", "ForeignMessageWriter", "'a'", "invalidation.publish.max-pending-keys");
  }

  @Test
  void foreignMessageThatIsLostOrRetried_isToldOnceForEachKind(CapturedOutput output) {
    observer.foreignWriteFailed("a", down, true);
    observer.foreignWriteFailed("a", down, true);
    observer.foreignWriteFailed("a", new IllegalArgumentException("no such form"), false);
    observer.foreignWriteFailed("b", new IllegalArgumentException("no such form"), false);

    assertThat(lines(output)).hasSize(2);
    assertThat(lines(output).get(0)).contains("WARN", "'a'", "publishes it again", "refused");
    assertThat(lines(output).get(1))
        .contains("WARN", "'a'", "is lost", "correct the writer", "no such form");
  }

  @Tag("G5.5")
  @Test
  void keysLostAtStop_areCounted(CapturedOutput output) {
    observer.unpublishedAtStop(5, 2, down);

    assertThat(lines(output)).hasSize(1);
    assertThat(lines(output).get(0))
        .contains("WARN", "5 keys and 2 whole caches", "invalidation.publish.timeout", "refused");
  }

  @Test
  void endlessKinds_doNotGrowWithoutEnd(CapturedOutput output) {
    for (int kind = 0; kind < 2000; kind++) {
      observer.unreadable("KIND-" + kind, "detail");
    }

    assertThat(lines(output)).hasSize(1000);
  }

  /** Returns the lines of the log that are not for developers of this project. */
  private static List<String> lines(CapturedOutput output) {
    return output.toString().lines().filter(line -> line.contains("InvalidationNode")).toList();
  }
}

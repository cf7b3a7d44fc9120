package io.github.cacheinvalidation.internal.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.InvalidationGroupHandler;
import io.github.cacheinvalidation.internal.key.KeyTypes;
import io.github.cacheinvalidation.internal.message.MessageReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The loop of a group in virtual time. */
@Tag("G10")
class GroupLoopTest {

  private static final Duration POLL = Duration.ofMillis(250);

  private static final String SEVEN = "{\"cache\":\"products\",\"key\":7}";

  private final ScriptedGroupLog log = new ScriptedGroupLog();

  private final List<String> handed = new ArrayList<>();

  private final List<String> events = new ArrayList<>();

  private final GroupCounters counters = new GroupCounters("search");

  private @Nullable Exception failure;

  private long nanos;

  private Duration handling = Duration.ZERO;

  private final GroupLoop loop =
      new GroupLoop(
          log,
          "@prices",
          new Handler(),
          new GroupMessages(new MessageReader(List.of()), new NoCaches()),
          GroupSettings.defaults(),
          counters,
          new Recording(),
          new GroupOutage("search", new Recording()),
          () -> nanos);

  private final class Handler implements InvalidationGroupHandler {

    @Override
    public String group() {
      return "search";
    }

    @Override
    public void handle(Message message) throws Exception {
      Invalidation.OfCache<Key> first = message.stale().get(0);
      String keys =
          first instanceof Invalidation.Keys<Key> some
              ? some.keys().stream().map(Key::text).toList().toString()
              : "*";
      handed.add(message.id() + " #" + message.attempt() + " " + first.cache() + keys);
      end();
    }

    @Override
    public void everythingMayHaveChanged() throws Exception {
      handed.add("everything");
      end();
    }

    private void end() throws Exception {
      nanos += handling.toNanos();
      if (failure != null) {
        throw failure;
      }
    }
  }

  private static final class NoCaches implements KnownCaches {

    @Override
    public @Nullable KeyTypes keyTypes(String cache) {
      return null;
    }

    @Override
    public Collection<String> names() {
      return List.of();
    }
  }

  private final class Recording implements GroupListener {

    @Override
    public void failed(String group, String id, int attempt, Throwable cause) {
      events.add("failed " + id + " #" + attempt + " " + cause.getMessage());
    }

    @Override
    public void deadLetter(String group, String id, String reason, String place) {
      events.add("dead " + id);
    }

    @Override
    public void slow(String group, String id, Duration lasted) {
      events.add("slow " + id + " " + lasted);
    }

    @Override
    public void cutOff(String group, Throwable cause) {
      events.add("cut off");
    }
  }

  @Test
  void withoutAMessage_theLoopPausesForThePollInterval() {
    assertThat(loop.step()).isEqualTo(POLL);
    assertThat(log.calls).containsExactly("take -");
  }

  @Test
  void messages_areHandedOverWithoutAPause_andReportedWithTheNextRequest() {
    log.add("1-0", 1, SEVEN);
    log.add("2-0", 3, "{\"cache\":\"products\"}");

    assertThat(loop.step()).isZero();
    assertThat(loop.step()).isZero();
    assertThat(loop.step()).isEqualTo(POLL);

    assertThat(handed).containsExactly("1-0@prices #1 products[7]", "2-0@prices #3 products*");
    assertThat(log.calls).containsExactly("take -", "take 1-0 handled", "take 2-0 handled");
    assertThat(counters.attempts()).isEqualTo(2);
  }

  @Test
  void emptyMessages_areNotHandedOver() {
    log.add("1-0", 1, "{}");

    loop.step();
    loop.step();

    assertThat(handed).isEmpty();
    assertThat(log.calls).containsExactly("take -", "take 1-0 handled");
    assertThat(counters.attempts()).isZero();
  }

  @Test
  void handlerThatThrows_isReportedAsFailed() {
    log.add("1-0", 1, SEVEN);
    failure = new IllegalStateException("down");

    loop.step();
    loop.step();

    assertThat(log.calls).containsExactly("take -", "take 1-0 failed");
    assertThat(events).containsExactly("failed 1-0@prices #1 down");
    assertThat(counters.failures()).isEqualTo(1);
  }

  @Tag("G10.4")
  @Test
  void lastAttemptThatFails_isKeptBeforeItIsReportedAsHandled() {
    log.add("1-0", 10, SEVEN);
    failure = new IllegalStateException("down");

    loop.step();
    loop.step();

    assertThat(log.calls)
        .containsExactly(
            "take -", "keep 1-0 java.lang.IllegalStateException: down", "take 1-0 handled");
    assertThat(events).containsExactly("failed 1-0@prices #10 down", "dead 1-0@prices");
    assertThat(counters.deadLetters()).isEqualTo(1);
  }

  @Test
  void deadLetter_waitsUntilTheChannelAnswers() {
    log.add("1-0", 10, SEVEN);
    failure = new IllegalStateException("down");
    loop.step();
    log.fail(2);

    loop.step();
    loop.step();
    assertThat(counters.deadLetters()).isZero();
    loop.step();

    assertThat(log.calls).hasSize(3).last().isEqualTo("take 1-0 handled");
    assertThat(counters.deadLetters()).isEqualTo(1);
  }

  @Tag("G10.2")
  @Test
  void messageAfterItsLastAttempt_isKeptWithoutACall() {
    log.add("1-0", 11, SEVEN);

    loop.step();
    loop.step();

    assertThat(handed).isEmpty();
    assertThat(events).containsExactly("dead 1-0@prices");
  }

  @Tag("G10.3")
  @Test
  void endOfAMessage_isReportedAgainUntilTheChannelAnswers() {
    log.add("1-0", 1, SEVEN);
    loop.step();
    log.fail(1);

    loop.step();
    loop.step();

    assertThat(handed).hasSize(1);
    assertThat(log.calls).containsExactly("take -", "take 1-0 handled");
  }

  @Test
  void pausesWithoutAnAnswer_growToFiveSeconds_andAreShortAgainAfterIt() {
    log.fail(8);
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      pauses.add(TimeUnit.NANOSECONDS.toMillis(loop.step().toNanos()));
    }

    assertThat(pauses).containsExactly(250L, 500L, 1000L, 2000L, 4000L, 5000L, 5000L, 5000L);
    assertThat(loop.step()).isEqualTo(POLL);
    log.fail(1);
    assertThat(loop.step()).isEqualTo(POLL);
  }

  @Test
  void lag_isUnknownWithoutAnAnswer() {
    assertThat(counters.lag()).isNaN();
    log.backlog(5, 2);
    loop.step();
    assertThat(counters.lag()).isEqualTo(7);
    log.fail(1);
    loop.step();
    assertThat(counters.lag()).isNaN();
    log.backlog(-1, 2);
    loop.step();
    assertThat(counters.lag()).isNaN();
  }

  @Tag("G10.9")
  @Test
  void everythingThatMayHaveChanged_isHandedOverWithItsAttempts() {
    log.addEverything("1-0", 1);
    log.add("2-0", 1, "{\"cache\":\"*\"}");
    log.add("3-0", 1, "no JSON");
    failure = new IllegalStateException("down");

    loop.step();
    failure = null;
    loop.step();
    loop.step();
    loop.step();

    assertThat(handed).containsExactly("everything", "everything", "everything");
    assertThat(log.calls)
        .containsExactly("take -", "take 1-0 failed", "take 2-0 handled", "take 3-0 handled");
  }

  @Test
  void handlerThatRunsForLongerThanTheIdleTime_isReported() {
    log.add("1-0", 1, SEVEN);
    handling = Duration.ofSeconds(61);

    loop.step();

    assertThat(events).containsExactly("slow 1-0@prices PT1M1S");
  }

  @Test
  void leave_reportsTheLastMessage() {
    log.add("1-0", 1, SEVEN);
    loop.step();

    loop.leave();

    assertThat(log.calls).containsExactly("take -", "leave 1-0 handled");
    assertThat(loop.step()).isEqualTo(POLL);
    assertThat(log.calls).last().isEqualTo("take -");
  }

  @Test
  void leave_reportsTheLastMessage_alsoIfTheChannelDidNotAnswer() {
    log.add("1-0", 1, SEVEN);
    loop.step();
    log.fail(1);
    loop.step();

    loop.leave();

    assertThat(log.calls).containsExactly("take -", "leave 1-0 handled");
  }
}

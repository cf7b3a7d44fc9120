package io.github.cacheinvalidation.internal.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.InvalidationGroupHandler;
import io.github.cacheinvalidation.internal.key.KeyTypes;
import io.github.cacheinvalidation.internal.message.MessageReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The turns of the logs of two channels in one group, in virtual time. */
@Tag("G10")
class GroupTurnsTest {

  private static final Duration POLL = Duration.ofMillis(250);

  private static final String SEVEN = "{\"cache\":\"products\",\"key\":7}";

  private final ScriptedGroupLog own = new ScriptedGroupLog();

  private final ScriptedGroupLog prices = new ScriptedGroupLog();

  private final List<String> handed = new ArrayList<>();

  private final List<String> events = new ArrayList<>();

  private final GroupCounters counters = new GroupCounters("search");

  private long nanos;

  private final GroupListener listener =
      new GroupListener() {
        @Override
        public void cutOff(String group, Throwable cause) {
          events.add("cut off");
        }

        @Override
        public void reached(String group) {
          events.add("reached");
        }
      };

  private final GroupOutage outage = new GroupOutage("search", listener);

  private final GroupTurns turns =
      new GroupTurns(List.of(loop(own, ""), loop(prices, "@prices")), () -> nanos);

  private GroupLoop loop(ScriptedGroupLog log, String suffix) {
    return new GroupLoop(
        log,
        suffix,
        new InvalidationGroupHandler() {
          @Override
          public String group() {
            return "search";
          }

          @Override
          public void handle(Message message) {
            handed.add(message.id());
          }

          @Override
          public void everythingMayHaveChanged() {
            handed.add("everything");
          }
        },
        new GroupMessages(new MessageReader(List.of()), new NoCaches()),
        GroupSettings.defaults(),
        counters,
        listener,
        outage,
        () -> nanos);
  }

  private static final class NoCaches implements KnownCaches {

    @Override
    public @Nullable KeyTypes keyTypes(String cache) {
      return null;
    }

    @Override
    public Collection<String> names() {
      return Set.of();
    }
  }

  /** Returns the pause that ends it. */
  private Duration untilPause() {
    Duration pause = turns.step();
    while (pause.isZero()) {
      pause = turns.step();
    }
    return pause;
  }

  @Test
  void messagesOfEachLog_areHandedOver_withIdsThatDiffer() {
    own.add("1-0", 1, SEVEN);
    prices.add("1-0", 1, SEVEN);

    assertThat(untilPause()).isEqualTo(POLL);

    assertThat(handed).containsExactlyInAnyOrder("1-0", "1-0@prices");
    assertThat(own.calls).containsExactly("take -", "take 1-0 handled");
    assertThat(prices.calls).containsExactly("take -", "take 1-0 handled");
  }

  @Test
  void eachLog_isAskedOnceInAPollInterval() {
    untilPause();
    nanos += POLL.toNanos();
    assertThat(untilPause()).isEqualTo(POLL);

    assertThat(own.calls).containsExactly("take -", "take -");
    assertThat(prices.calls).containsExactly("take -", "take -");
  }

  /** A message whose end is reported late would be given to another node too. */
  @Test
  void logWithManyMessages_leavesTheTurnToTheOther_andReportsItsLastMessageBefore() {
    IntStream.rangeClosed(1, 40).forEach(id -> own.add(id + "-0", 1, SEVEN));
    IntStream.rangeClosed(1, 2).forEach(id -> prices.add(id + "-0", 1, SEVEN));

    untilPause();

    assertThat(handed).hasSize(42);
    assertThat(handed.subList(0, GroupTurns.MOST)).noneMatch(id -> id.endsWith("@prices"));
    assertThat(handed.subList(GroupTurns.MOST, GroupTurns.MOST + 2))
        .containsExactly("1-0@prices", "2-0@prices");
    assertThat(own.calls.get(GroupTurns.MOST)).isEqualTo("leave 16-0 handled");
    assertThat(own.calls.get(GroupTurns.MOST + 1)).isEqualTo("take -");
    assertThat(prices.calls).containsExactly("take -", "take 1-0 handled", "take 2-0 handled");
  }

  @Test
  void onlyLog_keepsItsTurn() {
    GroupTurns only = new GroupTurns(List.of(loop(own, "")), () -> nanos);
    IntStream.rangeClosed(1, 40).forEach(id -> own.add(id + "-0", 1, SEVEN));

    IntStream.rangeClosed(1, 41).forEach(each -> only.step());

    assertThat(own.calls).hasSize(41).noneMatch(call -> call.startsWith("leave"));
  }

  @Test
  void logThatDoesNotAnswer_delaysTheOtherForNoPause() {
    prices.fail(100);
    own.add("1-0", 1, SEVEN);
    untilPause();
    for (int poll = 0; poll < 20; poll++) {
      nanos += POLL.toNanos();
      untilPause();
    }

    assertThat(handed).containsExactly("1-0");
    assertThat(own.calls).hasSize(22);
    assertThat(events.stream().filter("cut off"::equals)).hasSize(5);
  }

  @Test
  void group_isReachedAgainWhenEachOfItsLogsAnswers() {
    prices.fail(2);
    for (int poll = 0; poll < 3; poll++) {
      untilPause();
      nanos += POLL.toNanos();
    }
    assertThat(own.calls).hasSize(3);
    assertThat(events).containsExactly("reached", "cut off", "cut off");

    untilPause();

    assertThat(events.subList(3, events.size())).containsOnly("reached");
  }

  @Test
  void lag_isThatOfAllLogs_andUnknownIfThatOfOneIsUnknown() {
    own.backlog(5, 2);
    prices.backlog(3, 1);
    untilPause();
    assertThat(counters.lag()).isEqualTo(11);

    prices.fail(1);
    nanos += POLL.toNanos();
    untilPause();

    assertThat(counters.lag()).isNaN();
  }

  @Test
  void lag_isUnknownUntilEachLogHasAnswered() {
    turns.step();
    assertThat(own.calls).containsExactly("take -");
    assertThat(counters.lag()).isNaN();

    untilPause();

    assertThat(counters.lag()).isZero();
  }

  @Test
  void leave_leavesTheGroupOnEachLogThatHasAnswered() {
    own.add("1-0", 1, SEVEN);
    untilPause();

    turns.leave();

    assertThat(own.calls).containsExactly("take -", "take 1-0 handled", "leave -");
    assertThat(prices.calls).containsExactly("take -", "leave -");
  }

  /** Each call would wait for a connection, and a stop would take too long. */
  @Test
  void leave_asksNothingOfALogThatDoesNotAnswer() {
    prices.fail(1);
    untilPause();

    turns.leave();
    turns.leave();

    assertThat(own.calls).containsExactly("take -", "leave -");
    assertThat(prices.calls).isEmpty();
  }
}

package io.github.cacheinvalidation.internal.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.NodeStatus.Impairment;
import io.github.cacheinvalidation.NodeStatus.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every event in every state. */
@Tag("G5")
class StatusFactsTest {

  /** A row for each event, a column for each state before the event, in a cell the state after. */
  private static final String TRANSITIONS =
      """
      .                STOPPED  JOINING   COHERENT     CATCHING_UP  SUSPECTING  CUT_OFF
      start            JOINING  JOINING   JOINING      JOINING      JOINING     JOINING
      stop             STOPPED  STOPPED   STOPPED      STOPPED      STOPPED     STOPPED
      confirm          STOPPED  COHERENT  COHERENT     COHERENT     SUSPECTING  CUT_OFF
      confirm-before   STOPPED  COHERENT  COHERENT     CATCHING_UP  SUSPECTING  CUT_OFF
      confirm-unheard  STOPPED  JOINING   COHERENT     CATCHING_UP  SUSPECTING  CUT_OFF
      behind           STOPPED  JOINING   CATCHING_UP  CATCHING_UP  SUSPECTING  CUT_OFF
      resync           STOPPED  JOINING   COHERENT     CATCHING_UP  SUSPECTING  CUT_OFF
      suspect          STOPPED  JOINING   SUSPECTING   SUSPECTING   SUSPECTING  CUT_OFF
      trust            STOPPED  JOINING   COHERENT     CATCHING_UP  COHERENT    CUT_OFF
      trust-before     STOPPED  JOINING   COHERENT     CATCHING_UP  SUSPECTING  CUT_OFF
      fail-SUBSCRIPTION   STOPPED  JOINING  CUT_OFF   CUT_OFF      CUT_OFF     CUT_OFF
      fail-CHECKS         STOPPED  JOINING  CUT_OFF   CUT_OFF      CUT_OFF     CUT_OFF
      fail-PUBLICATIONS   STOPPED  JOINING  CUT_OFF   CUT_OFF      CUT_OFF     CUT_OFF
      fail-REFUSALS       STOPPED  JOINING  CUT_OFF   CUT_OFF      CUT_OFF     CUT_OFF
      work-SUBSCRIPTION   STOPPED  JOINING  COHERENT  CATCHING_UP  SUSPECTING  CUT_OFF
      work-CHECKS         STOPPED  JOINING  COHERENT  CATCHING_UP  SUSPECTING  COHERENT
      work-PUBLICATIONS   STOPPED  JOINING  COHERENT  CATCHING_UP  SUSPECTING  CUT_OFF
      work-REFUSALS       STOPPED  JOINING  COHERENT  CATCHING_UP  SUSPECTING  CUT_OFF
      """;

  /** A way into each state; of those that lead to {@code CUT_OFF} the one by a failed check. */
  private static final Map<State, List<String>> WAYS =
      Map.of(
          State.STOPPED, List.of(),
          State.JOINING, List.of("start"),
          State.COHERENT, List.of("start", "confirm"),
          State.CATCHING_UP, List.of("start", "confirm", "behind"),
          State.SUSPECTING, List.of("start", "confirm", "suspect"),
          State.CUT_OFF, List.of("start", "confirm", "fail-CHECKS"));

  private static final List<String> EVENTS =
      TRANSITIONS.lines().skip(1).map(line -> line.split(" +", -1)[0]).toList();

  private static final StatusFacts MADE = StatusFacts.made(Instant.EPOCH);

  record Cell(String event, State before, State after) {}

  static Stream<Cell> cells() {
    List<State> states =
        Arrays.stream(TRANSITIONS.lines().findFirst().orElseThrow().split(" +", -1))
            .skip(1)
            .map(State::valueOf)
            .toList();
    assertThat(states).containsExactlyInAnyOrder(State.values());
    return TRANSITIONS
        .lines()
        .skip(1)
        .map(line -> line.split(" +", -1))
        .flatMap(
            row ->
                Stream.iterate(0, column -> column < states.size(), column -> column + 1)
                    .map(
                        column ->
                            new Cell(row[0], states.get(column), State.valueOf(row[column + 1]))));
  }

  @ParameterizedTest
  @MethodSource("cells")
  void event_leadsFromEachStateToTheOneOfTheTable(Cell cell) {
    List<String> history = new ArrayList<>(WAYS.getOrDefault(cell.before(), List.of()));
    assertThat(after(history).state()).as("the way").isEqualTo(cell.before());
    history.add(cell.event());

    assertThat(after(history).state()).isEqualTo(cell.after());
  }

  /** The history is judged as a whole, by the definition of each state. */
  @Test
  void everyHistoryOfFiveEvents_endsInTheStateThatItsDefinitionSays() {
    List<String> history = new ArrayList<>(List.of("start"));

    int histories = assertAllFrom(after(history), history, 5);

    assertThat(histories).isGreaterThan(100_000);
  }

  private static int assertAllFrom(StatusFacts present, List<String> history, int more) {
    if (present.state() != definedState(history)
        || !present.failures().keySet().equals(failing(history))) {
      assertThat(present.state()).as("%s", history).isEqualTo(definedState(history));
      assertThat(present.failures().keySet()).as("%s", history).isEqualTo(failing(history));
    }
    int histories = 1;
    for (String event : more == 0 ? List.<String>of() : EVENTS) {
      if (!event.endsWith("SUBSCRIPTION") && !event.endsWith("REFUSALS")) { // as the other two
        history.add(event);
        StatusFacts next = event(event, history.size() - 1).apply(present);
        histories += assertAllFrom(next, history, more - 1);
        history.remove(history.size() - 1);
      }
    }
    return histories;
  }

  private static State definedState(List<String> history) {
    int start = history.lastIndexOf("start");
    if (start < history.lastIndexOf("stop") || start < 0) {
      return State.STOPPED;
    }
    List<String> since = history.subList(start + 1, history.size());
    if (!since.contains("confirm") && !since.contains("confirm-before")) {
      return State.JOINING;
    }
    if (!failing(history).isEmpty()) {
      return State.CUT_OFF;
    }
    if (since.lastIndexOf("suspect") > since.lastIndexOf("trust")) {
      return State.SUSPECTING;
    }
    return since.lastIndexOf("behind") > since.lastIndexOf("confirm")
        ? State.CATCHING_UP
        : State.COHERENT;
  }

  private static Set<Impairment> failing(List<String> history) {
    EnumSet<Impairment> failing = EnumSet.noneOf(Impairment.class);
    List<String> since = history.subList(history.lastIndexOf("start") + 1, history.size());
    for (Impairment each : Impairment.values()) {
      if (since.lastIndexOf("fail-" + each) > since.lastIndexOf("work-" + each)) {
        failing.add(each);
      }
    }
    return failing;
  }

  private static StatusFacts after(List<String> history) {
    StatusFacts facts = MADE;
    for (int time = 0; time < history.size(); time++) {
      facts = event(history.get(time), time).apply(facts);
    }
    return facts;
  }

  /** The time of an event is its number in the history. */
  private static UnaryOperator<StatusFacts> event(String name, int time) {
    return switch (name) {
      case "start" -> facts -> facts.started("channel", Set.of());
      case "stop" -> StatusFacts::stopped;
      case "confirm" -> facts -> facts.confirmed(time, true);
      case "confirm-before" -> facts -> facts.confirmed(-1, true);
      case "confirm-unheard" -> facts -> facts.confirmed(time, false);
      case "behind" -> facts -> facts.behind(time, "behind");
      case "resync" -> facts -> facts.resynced("server", false);
      case "suspect" -> facts -> facts.resynced("server", true);
      case "trust" -> facts -> facts.trusted(facts.suspicions());
      case "trust-before" -> facts -> facts.trusted(facts.suspicions() - 1);
      default -> {
        Impairment what = Impairment.valueOf(name.substring("fail-".length()));
        yield name.startsWith("fail-")
            ? facts -> facts.failed(what, "failed", false)
            : facts -> facts.worked(what);
      }
    };
  }

  @Test
  void reason_isTheFirstFailureOfEachKind_orTheLastRefusal() {
    StatusFacts cut =
        after(List.of("start", "confirm"))
            .failed(Impairment.PUBLICATIONS, "refused connection", false)
            .failed(Impairment.CHECKS, "refused connection", false)
            .failed(Impairment.CHECKS, "timeout", false);
    assertThat(reason(cut)).isEqualTo("refused connection");

    StatusFacts refused = cut.failed(Impairment.CHECKS, "NOPERM. Allow the user", true);

    assertThat(reason(refused)).isEqualTo("NOPERM. Allow the user; refused connection");
    assertThat(reason(refused.worked(Impairment.CHECKS))).isEqualTo("refused connection");
    assertThat(reason(refused.worked(Impairment.CHECKS).worked(Impairment.PUBLICATIONS))).isNull();
  }

  @Test
  void suspicion_saysWhetherTheLogOrTheServerIsAnother_andNamesTheServer() {
    StatusFacts coherent = after(List.of("start", "confirm")).resynced("a", false);

    assertThat(reason(coherent.resynced("a", true))).isEqualTo(StatusFacts.ANOTHER_LOG);
    assertThat(reason(coherent.resynced("b", true))).isEqualTo(StatusFacts.ANOTHER_SERVER);
    assertThat(status(coherent.resynced("b", true)).server()).isEqualTo("b");
  }

  @Test
  void since_isWhenTheStateBegan_notWhenItsReasonChanged() {
    Instant first = Instant.ofEpochSecond(1);
    Instant later = Instant.ofEpochSecond(2);
    StatusFacts joining = MADE.started("c", Set.of()).after(MADE, first);

    StatusFacts impaired = joining.failed(Impairment.CHECKS, "down", false).after(joining, later);

    assertThat(status(impaired).since()).isEqualTo(first);
    assertThat(status(impaired.stopped().after(impaired, later)).since()).isEqualTo(later);
  }

  private static @Nullable String reason(StatusFacts facts) {
    return status(facts).reason();
  }

  private static NodeStatus status(StatusFacts facts) {
    return facts.status(Instant.EPOCH, 0);
  }
}

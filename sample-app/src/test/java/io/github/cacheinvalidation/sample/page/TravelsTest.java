package io.github.cacheinvalidation.sample.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.sample.page.Travels.Arrival;
import io.github.cacheinvalidation.sample.page.Travels.Travel;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which eviction belongs to which write. */
class TravelsTest {

  private static final List<Integer> ALL = List.of(1, 2, 3);

  private final Travels travels = new Travels();

  @Test
  void write_waitsForEveryOtherNode() throws InterruptedException {
    Travel travel = travels.begin(1, "product 7", ALL);

    travels.arrived(2, "?", "message");
    assertThat(travels.awaitAll(travel, Duration.ZERO)).isFalse();
    travels.arrived(3, "?", "message");

    assertThat(travels.awaitAll(travel, Duration.ZERO)).isTrue();
    assertThat(travels.arrivals(travel)).extracting(Arrival::node).containsExactly(2, 3);
    assertThat(travels.medianMicros()).isNotNull();
  }

  @Test
  void eviction_belongsToTheNewestWrite_andEndsTheOlderOnes() {
    Travel older = travels.begin(1, "product 6", ALL);
    Travel newer = travels.begin(1, "product 7", ALL);

    travels.arrived(2, "?", "replay");

    assertThat(travels.arrivals(newer)).extracting(Arrival::how).containsExactly("replay", null);
    assertThat(travels.arrivals(older)).extracting(Arrival::how).containsExactly("merged", null);
    assertThat(travels.medianMicros()).as("a replay is no usual time").isNull();
  }

  @Test
  void secondMessageFromOutside_isAnother() {
    travels.arrived(2, "from outside", "message");
    travels.arrived(2, "from outside", "message");

    assertThat(travels.newestFirst()).hasSize(2);
  }

  @Test
  void evictionWithoutAWrite_cameFromOutside() {
    travels.arrived(2, "from outside", "message");
    travels.arrived(3, "from outside", "message");

    assertThat(travels.newestFirst())
        .singleElement()
        .satisfies(
            seen -> {
              assertThat(seen.from()).isEqualTo(Travels.OUTSIDE);
              assertThat(seen.arrivals()).extracting(Arrival::node).containsExactly(2, 3);
              assertThat(seen.arrivals()).extracting(Arrival::micros).containsOnlyNulls();
            });
  }

  @Test
  void stoppedNode_isNotWaitedFor() throws InterruptedException {
    Travel travel = travels.begin(1, "product 7", ALL);
    travels.arrived(2, "?", "message");

    travels.forget(3);

    assertThat(travels.awaitAll(travel, Duration.ZERO)).isTrue();
  }
}

package io.github.cacheinvalidation.internal.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("G4")
class CoherenceWatermarkTest {

  @Test
  void theWatermarkOfANode_isTheEarliestOfItsChains() {
    CoherenceWatermark node = new CoherenceWatermark(10);
    List<CoherenceWatermark> chains = node.split(2);

    chains.get(0).confirm(50);
    assertThat(node.nanos()).isEqualTo(10);
    chains.get(1).confirm(30);
    assertThat(node.nanos()).isEqualTo(30);
    chains.get(1).confirm(70);
    assertThat(node.nanos()).isEqualTo(50);
    assertThat(chains).extracting(CoherenceWatermark::nanos).containsExactly(50L, 70L);
  }

  @Test
  void anEarlierMoment_changesNothing_alsoWhereTheClockOverflows() {
    CoherenceWatermark node = new CoherenceWatermark(Long.MAX_VALUE - 5);
    List<CoherenceWatermark> chains = node.split(2);

    chains.forEach(chain -> chain.confirm(Long.MIN_VALUE + 5));
    chains.forEach(chain -> chain.confirm(Long.MAX_VALUE - 1));

    assertThat(node.nanos()).isEqualTo(Long.MIN_VALUE + 5);
  }

  @Test
  void eachWatermark_isTheEarliestOfItsChainAndTheSharedOnes() {
    CoherenceWatermark one = new CoherenceWatermark(10);
    CoherenceWatermark two = new CoherenceWatermark(20);
    List<CoherenceWatermark> chains = CoherenceWatermark.split(List.of(one, two), 1);

    chains.get(0).confirm(100);
    chains.get(1).confirm(200);
    assertThat(List.of(one, two)).extracting(CoherenceWatermark::nanos).containsExactly(10L, 20L);
    chains.get(2).confirm(150);
    assertThat(List.of(one, two)).extracting(CoherenceWatermark::nanos).containsExactly(100L, 150L);
    chains.get(2).confirm(300);
    assertThat(List.of(one, two)).extracting(CoherenceWatermark::nanos).containsExactly(100L, 200L);
  }

  @Test
  void watermarksThatShareNothing_doNotWaitForEachOther() {
    CoherenceWatermark one = new CoherenceWatermark(10);
    CoherenceWatermark two = new CoherenceWatermark(10);
    List<CoherenceWatermark> chains = CoherenceWatermark.split(List.of(one, two), 0);

    chains.get(1).confirm(200);

    assertThat(List.of(one, two)).extracting(CoherenceWatermark::nanos).containsExactly(10L, 200L);
  }
}

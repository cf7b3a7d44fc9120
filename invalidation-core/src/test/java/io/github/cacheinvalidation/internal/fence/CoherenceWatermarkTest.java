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
}

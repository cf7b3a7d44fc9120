package io.github.cacheinvalidation.internal.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("G7")
class PositionTest {

  /**
   * A hash table whose keys have one hash code looks through all of them, unless they are ordered.
   */
  @Tag("G7.4")
  @Test
  void positionsOfOneHashCode_haveAnOrder() {
    List<Position> positions = new ArrayList<>();
    for (int bits = 0; bits < 64; bits++) {
      positions.add(new Position(collidingText(bits), "n"));
      positions.add(new Position("1-0", collidingText(bits)));
    }
    List<Position> shuffled = new ArrayList<>(positions);
    Collections.shuffle(shuffled, new Random(1));

    Collections.sort(shuffled);

    assertThat(new HashSet<>(positions.stream().map(Position::hashCode).toList())).hasSize(2);
    for (int i = 1; i < shuffled.size(); i++) {
      assertThat(shuffled.get(i - 1)).isLessThan(shuffled.get(i));
    }
    for (Position position : positions) {
      Position same = new Position(position.entryId(), position.nonce());
      assertThat(position).isEqualByComparingTo(same).isEqualTo(same);
    }
  }

  private static String collidingText(int bits) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      text.append(((bits >> i) & 1) == 0 ? "Aa" : "BB");
    }
    return text.toString();
  }
}

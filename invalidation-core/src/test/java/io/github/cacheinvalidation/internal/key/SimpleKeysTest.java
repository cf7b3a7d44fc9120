package io.github.cacheinvalidation.internal.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cache.interceptor.SimpleKey;

/** The elements of a {@code SimpleKey} are found without reflection. */
class SimpleKeysTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 15, 16, 17, SimpleKeys.MOST_ELEMENTS})
  void key_isTakenApart(int length) {
    Object[] elements = IntStream.range(0, length).boxed().toArray();

    assertThat(SimpleKeys.elements(new SimpleKey(elements))).containsExactly(elements);
  }

  @Test
  void key_isTakenApartWhateverItsElements() {
    Object[] nested = {1, new Object[] {2}};
    @Nullable Object[] elements = {
      null, nested, new int[] {3}, new SimpleKey(4), List.of(5), new Unequal()
    };

    assertThat(SimpleKeys.elements(new SimpleKey(elements)))
        .usingElementComparator((one, other) -> one == other ? 0 : 1)
        .containsExactly(elements);
  }

  @Test
  void keyWithMoreElementsThanAMethodHas_isNotTakenApart() {
    assertThat(SimpleKeys.elements(new SimpleKey(new Object[SimpleKeys.MOST_ELEMENTS + 1])))
        .isNull();
  }

  /** Must not be asked, since it is the application's. */
  private static final class Unequal {

    @Override
    public boolean equals(@Nullable Object other) {
      throw new AssertionError("asked for equality");
    }

    @Override
    public int hashCode() {
      return 0;
    }
  }
}

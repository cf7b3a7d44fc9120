package io.github.cacheinvalidation.internal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.Wire;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BodyWriterTest {

  private final BodyWriter writer = new BodyWriter("no\"de", "id");

  @Test
  void namesOfAnyKind_areReadBack() {
    String odd = "a \"b\" \\ \n ü \uD83D\uDE00 *";
    Message message =
        Wire.read(
            writer.write(
                List.of(
                    new Invalidation.Whole<>(odd),
                    new Invalidation.Whole<>("*"),
                    new Invalidation.Keys<>("", List.of()))));

    assertThat(message.origin()).isEqualTo("no\"de/id");
    assertThat(message.invalidations())
        .containsExactly(
            new Invalidation.Whole<>(odd),
            new Invalidation.Whole<>("*"),
            new Invalidation.Keys<>("", List.of()));
  }

  @ParameterizedTest
  @MethodSource("namesThatNobodyCanRead")
  void cacheNameThatNobodyCanRead_isRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.write(List.of(new Invalidation.Whole<>(name))))
        .withMessageContaining("'cache'")
        .withMessageContaining("rename the cache");
  }

  static Stream<String> namesThatNobodyCanRead() {
    return Stream.of("\uD83D", "a\uDE00b", "a".repeat(10_001));
  }

  @Test
  void longestCacheName_isReadBack() {
    String name = "\u4e00".repeat(10_000);

    assertThat(Wire.read(writer.write(List.of(new Invalidation.Whole<>(name)))).invalidations())
        .containsExactly(new Invalidation.Whole<>(name));
  }

  @Test
  void noCaches_areAMessageWithoutInvalidations() {
    assertThat(Wire.read(writer.write(List.of())).invalidations()).isEmpty();
  }
}

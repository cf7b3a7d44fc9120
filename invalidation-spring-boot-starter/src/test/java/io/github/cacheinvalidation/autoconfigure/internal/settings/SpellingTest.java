package io.github.cacheinvalidation.autoconfigure.internal.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpellingTest {

  @ParameterizedTest
  @ValueSource(strings = {"product", "prodcts", "productss", "proudcts", "xproducts", "Products"})
  void nameWithUpToTwoEdits_meansTheKnownOne(String name) {
    assertThat(Spelling.nearest(name, List.of("prices", "products"))).isEqualTo("products");
  }

  @ParameterizedTest
  @ValueSource(strings = {"prod", "customers", ""})
  void nameWithMoreEdits_meansNothing(String name) {
    assertThat(Spelling.nearest(name, List.of("prices", "products"))).isNull();
  }

  @Test
  void nearestName_isMeant() {
    assertThat(Spelling.nearest("prize", List.of("price", "prizes2"))).isEqualTo("price");
  }

  @Test
  void shortName_isNotMeantByAnotherOfItsLength() {
    assertThat(Spelling.nearest("a", List.of("b"))).isNull();
    assertThat(Spelling.nearest("ab", List.of("cd"))).isNull();
    assertThat(Spelling.nearest("ab", List.of("ac"))).isEqualTo("ac");
  }
}

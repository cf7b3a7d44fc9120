package io.github.cacheinvalidation.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Compares the public types of a module with a list that says why each is public. */
@Tag("source")
public abstract class PublicTypesContract {

  private final Path classes;
  private final Map<Class<?>, String> reasons;

  protected PublicTypesContract(String module, Map<Class<?>, String> reasons) {
    this.classes = Checkout.classes(module);
    this.reasons = reasons;
  }

  @Test
  void eachPublicType_hasAReason() {
    Set<String> expected =
        reasons.keySet().stream().map(Class::getName).collect(Collectors.toSet());

    assertThat(PublicApi.topLevelTypesOf(classes)).isEqualTo(expected);
  }
}

package io.github.cacheinvalidation.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Compares the public API of a module with {@code config/api/<module>.txt}, so that it never
 * changes by accident. {@code -Dapi.update=true} writes the file anew.
 */
@Tag("source")
public abstract class PublicApiContract {

  private final Path golden;
  private final Path classes;

  protected PublicApiContract(String module) {
    this.golden = Checkout.root().resolve("config/api").resolve(module + ".txt");
    this.classes = Checkout.classes(module);
  }

  @Test
  void publicApi_equalsTheGoldenFile() throws IOException {
    List<String> api = PublicApi.of(classes);
    if (Boolean.getBoolean("api.update")) {
      Files.write(golden, api);
    }

    assertThat(api)
        .as("public API; if the change is meant: ./mvnw test -Dapi.update=true")
        .containsExactlyElementsOf(Checkout.lines(golden));
  }
}

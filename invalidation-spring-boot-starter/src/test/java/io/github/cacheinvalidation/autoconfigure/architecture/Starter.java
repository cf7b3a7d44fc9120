package io.github.cacheinvalidation.autoconfigure.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.github.cacheinvalidation.architecture.Checkout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The classes that the rules check. */
final class Starter {

  static final Path CLASSES = Checkout.classes("invalidation-spring-boot-starter");

  private static final String IMPORTS =
      "META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports";

  private Starter() {}

  static JavaClasses types() {
    return new ClassFileImporter().importPath(CLASSES);
  }

  static List<String> importedAutoConfigurations() {
    Path imports = CLASSES.resolve(IMPORTS);
    return Files.exists(imports) ? Checkout.lines(imports) : List.of();
  }
}

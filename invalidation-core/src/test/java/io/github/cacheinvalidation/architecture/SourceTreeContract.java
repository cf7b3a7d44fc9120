package io.github.cacheinvalidation.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rules for the source files of every published module. */
@Tag("source")
public abstract class SourceTreeContract {

  private static final int LONGEST_FILE = 320;

  private final Path main;
  private final Path test;

  protected SourceTreeContract(String module) {
    this.main = Checkout.module(module).resolve("src/main/java");
    this.test = Checkout.module(module).resolve("src/test/java");
  }

  @Test
  void mainFile_isShortEnoughToReadInOneSitting() {
    List<String> tooLong =
        Checkout.files(main, ".java").stream()
            .filter(file -> Checkout.lines(file).size() > LONGEST_FILE)
            .map(file -> main.relativize(file) + ": " + Checkout.lines(file).size() + " lines")
            .toList();

    assertThat(tooLong).as("files with more than %d lines", LONGEST_FILE).isEmpty();
  }

  @Test
  void mainPackage_isNullMarked() {
    assertThat(packages(main)).as("packages without @NullMarked").allMatch(this::isNullMarked);
  }

  @Test
  void testPackage_isNullMarkedHereOrInMain() {
    assertThat(packages(test)).as("packages without @NullMarked").allMatch(this::isNullMarked);
  }

  private static Set<Path> packages(Path sources) {
    Set<Path> packages = new LinkedHashSet<>();
    for (Path file : Checkout.files(sources, ".java")) {
      packages.add(sources.relativize(file).resolve("..").normalize());
    }
    return packages;
  }

  private boolean isNullMarked(Path directory) {
    return List.of(main, test).stream()
        .map(sources -> sources.resolve(directory).resolve("package-info.java"))
        .anyMatch(file -> Files.exists(file) && Checkout.lines(file).contains("@NullMarked"));
  }
}

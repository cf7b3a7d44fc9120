package io.github.cacheinvalidation.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rules for the source files of every published module. */
@Tag("source")
public abstract class SourceTreeContract {

  private static final int LONGEST_FILE = 320;

  private static final int LONGEST_TEST_FILE = 400;

  private static final int LARGEST_PACKAGE = 45;

  private final String module;
  private final Path main;
  private final Path test;

  protected SourceTreeContract(String module) {
    this.module = module;
    this.main = Checkout.module(module).resolve("src/main/java");
    this.test = Checkout.module(module).resolve("src/test/java");
  }

  @Test
  void mainFile_isShortEnoughToReadInOneSitting() {
    assertThat(longerThan(LONGEST_FILE, main)).as("files above %d lines", LONGEST_FILE).isEmpty();
  }

  @Test
  void testFile_isShortEnoughToHaveOneTopic() {
    assertThat(longerThan(LONGEST_TEST_FILE, test))
        .as("files above %d lines", LONGEST_TEST_FILE)
        .isEmpty();
  }

  private static List<String> longerThan(int lines, Path sources) {
    return Checkout.files(sources, ".java").stream()
        .filter(file -> Checkout.lines(file).size() > lines)
        .map(file -> sources.relativize(file) + ": " + Checkout.lines(file).size() + " lines")
        .toList();
  }

  @Test
  void mainPackage_isSmallEnoughToFindAFile() {
    Map<Path, Long> sizes =
        Checkout.files(main, ".java").stream()
            .map(file -> main.relativize(file).resolve("..").normalize())
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    List<String> tooLarge =
        sizes.entrySet().stream()
            .filter(each -> each.getValue() > LARGEST_PACKAGE)
            .map(each -> each.getKey() + ": " + each.getValue() + " files")
            .toList();

    assertThat(tooLarge).as("packages with more than %d files", LARGEST_PACKAGE).isEmpty();
  }

  @Test
  void mainPackage_isNullMarked() {
    assertThat(packages(main)).as("packages without @NullMarked").allMatch(this::isNullMarked);
  }

  @Test
  void testPackage_isNullMarkedHereOrInMain() {
    assertThat(packages(test)).as("packages without @NullMarked").allMatch(this::isNullMarked);
  }

  /**
   * The common pool has a single thread on a machine with two processors. There a task that waits
   * for another keeps that other from its start.
   */
  @Test
  void future_namesItsExecutor() {
    noClasses()
        .should()
        .callMethod(CompletableFuture.class, "runAsync", Runnable.class)
        .orShould()
        .callMethod(CompletableFuture.class, "supplyAsync", Supplier.class)
        .because("both use the common pool")
        .check(compiled());
  }

  private JavaClasses compiled() {
    return ArchConfiguration.withThreadLocalScope(
        configuration -> {
          configuration.setResolveMissingDependenciesFromClassPath(false);
          return new ClassFileImporter()
              .importPaths(Checkout.classes(module), Checkout.testClasses(module));
        });
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

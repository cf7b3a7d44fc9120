package io.github.cacheinvalidation.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds the files of this checkout, for tests tagged {@code source}. */
public final class Checkout {

  private Checkout() {}

  /** Returns the directory that holds the Maven wrapper, at or above the working directory. */
  public static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (directory != null && !Files.exists(directory.resolve("mvnw"))) {
      directory = directory.getParent();
    }
    if (directory == null) {
      throw new IllegalStateException("No mvnw at or above " + Path.of("").toAbsolutePath());
    }
    return directory;
  }

  /** Returns the directory of a module. */
  public static Path module(String name) {
    return root().resolve(name);
  }

  /** Returns the directory of a module's compiled main classes. */
  public static Path classes(String module) {
    return module(module).resolve("target/classes");
  }

  /** Returns the directory of a module's compiled tests. */
  public static Path testClasses(String module) {
    return module(module).resolve("target/test-classes");
  }

  /** Returns the files under a directory with that ending, sorted; none if it does not exist. */
  public static List<Path> files(Path directory, String ending) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the lines of a text file. */
  public static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

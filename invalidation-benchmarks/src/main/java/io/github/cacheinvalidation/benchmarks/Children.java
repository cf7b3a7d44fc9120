package io.github.cacheinvalidation.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Runs a class of this module in a JVM of its own. The last line of its output must be a number.
 */
final class Children {

  private Children() {}

  /** Runs the class with the class path of this JVM. */
  static double run(Class<?> main, List<String> options, String... arguments) {
    return run(System.getProperty("java.class.path"), main, options, arguments);
  }

  /** Runs the class without the core and the starter on the class path. */
  static double runWithoutOurs(Class<?> main, List<String> options, String... arguments) {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> !entry.contains("invalidation-core"))
            .filter(entry -> !entry.contains("invalidation-spring-boot-starter"))
            .collect(Collectors.joining(File.pathSeparator));
    return run(classPath, main, options, arguments);
  }

  private static double run(
      String classPath, Class<?> main, List<String> options, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new VoidRunException(main.getSimpleName() + " failed: " + output);
      }
      return Double.parseDouble(output.substring(output.lastIndexOf('\n') + 1));
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new VoidRunException("interrupted");
    }
  }
}

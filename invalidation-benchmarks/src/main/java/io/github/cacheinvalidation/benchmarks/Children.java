package io.github.cacheinvalidation.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a class of this module in a JVM of its own. The last line of its output must be a number.
 */
final class Children {

  private Children() {}

  /** Runs the class with the class path of this JVM. */
  static double run(Class<?> main, List<String> options, String... arguments) {
    return runWith(System.getProperty("java.class.path"), main, options, arguments);
  }

  /** Runs the class with a class path of its own. */
  static double runWith(
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

package io.github.cacheinvalidation.testing.junit;

import io.github.cacheinvalidation.testing.TestRedis;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * A Java process with the class path of the tests. It reports its observations line by line, can be
 * paused, and is killed at the end.
 */
public final class ChildJvm implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  private ChildJvm(Process process) {
    this.process = process;
    Thread reader = new Thread(this::readAll, "child-jvm-output");
    reader.setDaemon(true);
    reader.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  /** Starts the main method of a class. */
  public static ChildJvm started(Class<?> main, String... arguments) {
    return started(Map.of(), main, arguments);
  }

  /** Starts the main method of a class, with further variables in its environment. */
  public static ChildJvm started(
      Map<String, String> environment, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", classPath(main)));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder child = new ProcessBuilder(command).redirectErrorStream(true);
    child.environment().putAll(environment);
    try {
      return new ChildJvm(child.start());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Some launchers keep the class path of the tests in a class loader of their own. */
  private static String classPath(Class<?> main) {
    if (main.getClassLoader() instanceof URLClassLoader loader) {
      return Arrays.stream(loader.getURLs())
          .map(URL::getPath)
          .collect(Collectors.joining(System.getProperty("path.separator")));
    }
    return System.getProperty("java.class.path");
  }

  private void readAll() {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      output.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException ended) {
      lines.add("ended: " + ended.getMessage());
    }
  }

  /** Waits for a line of its output and returns the first that is meant. */
  public String awaitLine(Predicate<String> which) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> !process.isAlive() || lines.stream().anyMatch(which));
    return lines.stream()
        .filter(which)
        .findFirst()
        .orElseThrow(() -> new AssertionError("The process said " + lines));
  }

  /** Stops the process in its tracks. */
  public void pause() {
    TestRedis.signal("STOP", String.valueOf(process.pid()));
  }

  /** Lets a paused process go on. */
  public void resume() {
    TestRedis.signal("CONT", String.valueOf(process.pid()));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

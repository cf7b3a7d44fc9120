package io.github.cacheinvalidation.sample;

import io.github.cacheinvalidation.sample.page.RedisSwitch;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import redis.embedded.RedisExecProvider;

/**
 * A Redis server in a process of its own. It listens on the loopback interface, and stores nothing
 * on disk. The server can be stopped and started again on the same port; it is empty after each
 * start.
 *
 * <p>The server runs as a daemon outside the process group of the terminal. Otherwise Ctrl-C in the
 * terminal would stop it before the nodes that still use it; so would the exit hook of {@code
 * redis.embedded.RedisServer}. The caller that starts the server must close it. All methods are
 * thread-safe, and block until the server has started or stopped.
 */
final class EmbeddedRedis implements RedisSwitch, AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final int port;
  private final File executable;
  private final Path directory;
  private @Nullable ProcessHandle server;

  private EmbeddedRedis(int port, File executable, Path directory) {
    this.port = port;
    this.executable = executable;
    this.directory = directory;
  }

  /** Unpacks a server and starts it on the given port. */
  static EmbeddedRedis start(int port) {
    EmbeddedRedis redis;
    try {
      File executable = RedisExecProvider.defaultProvider().get();
      redis = new EmbeddedRedis(port, executable, executable.getParentFile().toPath());
    } catch (IOException | RuntimeException e) {
      throw new ShopStartException(
          "There is no embedded Redis for this platform. Start a Redis server, and name it with"
              + " --spring.data.redis.host=... and --spring.data.redis.port=...",
          e);
    }
    redis.start();
    return redis;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public synchronized boolean isRunning() {
    return server != null && server.isAlive();
  }

  @Override
  public synchronized void start() {
    if (isRunning()) {
      return;
    }
    Ports.requireFree(port, "shop.redis-port");
    launch();
    server = awaitServer();
  }

  @Override
  public synchronized void stop() {
    ProcessHandle running = server;
    server = null;
    if (running == null || !running.isAlive()) {
      return;
    }
    running.destroy();
    try {
      running.onExit().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      running.destroyForcibly();
    } catch (InterruptedException e) {
      running.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
  }

  private void launch() {
    logFile().toFile().deleteOnExit();
    ProcessBuilder command =
        new ProcessBuilder(
            executable.getPath(),
            "--daemonize yes",
            "--bind 127.0.0.1",
            "--port " + port,
            "--save ''",
            "--appendonly no",
            "--dir " + directory,
            "--logfile " + logFile());
    command.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    try {
      Process launcher = command.start();
      if (!launcher.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        launcher.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Could not run " + executable, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ShopStartException("Interrupted while the embedded Redis was starting.", e);
    }
  }

  private ProcessHandle awaitServer() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<ProcessHandle> started =
          RedisInfo.ofServer(port)
              .filter(info -> executable.getPath().equals(info.executable()))
              .flatMap(info -> ProcessHandle.of(info.processId()));
      if (started.isPresent()) {
        return started.get();
      }
      pause();
    }
    throw new ShopStartException(
        "The embedded Redis did not start on port " + port + ". Its log: " + log());
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ShopStartException("Interrupted while the embedded Redis was starting.", e);
    }
  }

  private Path logFile() {
    return directory.resolve("redis.log");
  }

  private String log() {
    try {
      return Files.readString(logFile());
    } catch (IOException e) {
      return "none";
    }
  }
}

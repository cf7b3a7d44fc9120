package io.github.cacheinvalidation.testing;

import io.lettuce.core.resource.ClientResources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.FileSystemUtils;
import redis.clients.jedis.Jedis;
import redis.embedded.RedisServer;

/**
 * A real Redis server on a free port of this machine. It can be stopped and started again on the
 * same port, paused, and asked anything. It keeps nothing on disk and ends with the JVM at the
 * latest.
 */
public final class TestRedis implements AutoCloseable {

  private static final String HOST = "127.0.0.1";

  /** Subscribed, or waiting for an entry of a stream. */
  private static final Pattern FEED = Pattern.compile(" flags=\\w*P| cmd=xread ");

  private static final int LOWEST_PORT = 10_000;

  private static final int TO_SECOND_PORT = 10_000;

  private static final Set<Integer> RETURNED = ConcurrentHashMap.newKeySet();

  private final RedisServer server;
  private final int port;
  private final Path directory;
  private final List<Runnable> closers = new ArrayList<>();
  private boolean running;
  private boolean paused;
  private String processId = "";

  private TestRedis(ServerProgram program, List<String> settings) {
    try {
      this.port = freePort();
      this.directory = Files.createTempDirectory("test-redis");
      var builder = RedisServer.builder().port(port).bind(HOST).setting("save \"\"");
      // A replica writes what it gets from its master into a file, and would load it at a restart.
      builder.setting("dir " + directory).setting("rdb-del-sync-files yes");
      builder.redisExecProvider(program.provider());
      settings.forEach(builder::setting);
      this.server = builder.build();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::stopForGood));
  }

  /** Starts a server of a program, with further lines of configuration. */
  public static TestRedis started(ServerProgram program, String... settings) {
    TestRedis redis = new TestRedis(program, List.of(settings));
    redis.start();
    return redis;
  }

  /** Starts a server, with further lines of configuration. */
  public static TestRedis started(String... settings) {
    TestRedis redis = stopped(settings);
    redis.start();
    return redis;
  }

  /** Reserves a port on which no server runs yet. */
  public static TestRedis stopped(String... settings) {
    return new TestRedis(ServerProgram.REDIS_7_0, List.of(settings));
  }

  /**
   * Returns a port that no program uses, and that this JVM has not returned before. It is below the
   * ports that the system gives to connections, so none takes it before a server does. The nodes of
   * a cluster talk on a second port, which is higher by {@value #TO_SECOND_PORT}.
   */
  public static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, LOWEST_PORT + TO_SECOND_PORT);
      if (RETURNED.add(port) && isFree(port) && isFree(port + TO_SECOND_PORT)) {
        return port;
      }
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  /** Starts the server, with nothing in it. */
  public synchronized void start() {
    if (running) {
      return;
    }
    try {
      Files.createDirectories(directory); // closing the server has deleted it
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    server.start();
    running = true;
  }

  /** Stops the server, as a crash would: clients lose their connections and the data is gone. */
  public synchronized void stop() {
    if (!running) {
      return;
    }
    resume();
    server.stop();
    running = false;
  }

  /** Stops the process in its tracks: connections stay, nothing is answered. */
  public synchronized void pause() {
    processId = infoOf("server", "process_id");
    signal("STOP", processId);
    paused = true;
  }

  /** Lets a paused process go on. */
  public synchronized void resume() {
    if (paused) {
      signal("CONT", processId);
      paused = false;
    }
  }

  /** Sends a signal to a process of this machine, as {@code kill} does. */
  public static void signal(String signal, String processId) {
    try {
      int exit = new ProcessBuilder("kill", "-" + signal, processId).start().waitFor();
      if (exit != 0) {
        throw new IllegalStateException("kill -" + signal + " " + processId + " gave " + exit);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /** Returns whether the server runs. */
  public synchronized boolean isRunning() {
    return running;
  }

  /** Returns the host on which the server listens. */
  public String host() {
    return HOST;
  }

  /** Returns the port on which the server listens. */
  public int port() {
    return port;
  }

  /** Runs a command and returns its reply: text, a number, or a list of replies. */
  public Object command(String... command) {
    try (Jedis jedis = new Jedis(HOST, port)) {
      return readable(
          jedis.sendCommand(
              () -> command[0].getBytes(StandardCharsets.UTF_8),
              Arrays.copyOfRange(command, 1, command.length)));
    }
  }

  private static Object readable(Object reply) {
    if (reply instanceof byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    if (reply instanceof List<?> list) {
      return list.stream().map(TestRedis::readable).toList();
    }
    return String.valueOf(reply);
  }

  /** Returns a line of {@code INFO}. */
  public String infoOf(String section, String name) {
    return command("INFO", section)
        .toString()
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).trim())
        .findFirst()
        .orElseThrow(() -> new AssertionError("INFO " + section + " has no " + name));
  }

  /** Returns the lines of {@code CLIENT LIST} of the clients with a name. */
  public List<String> clientsNamed(String name) {
    return command("CLIENT", "LIST")
        .toString()
        .lines()
        .filter(line -> line.contains(" name=" + name + " "))
        .toList();
  }

  /** Kills the connections of a kind of the clients with a name; returns how many there were. */
  public int killClients(String name, String flags) {
    List<String> ids =
        clientsNamed(name).stream()
            .filter(line -> line.contains(" flags=" + flags + " "))
            .map(line -> line.substring(3, line.indexOf(' ')))
            .toList();
    ids.forEach(id -> command("CLIENT", "KILL", "ID", id));
    return ids.size();
  }

  /**
   * Kills the connections of all nodes by which they receive messages, whatever client they use;
   * returns how many there were.
   */
  public int killFeeds() {
    List<String> ids =
        command("CLIENT", "LIST")
            .toString()
            .lines()
            .filter(line -> !line.contains(" name=sentinel"))
            .filter(line -> FEED.matcher(line).find())
            .map(line -> line.substring(3, line.indexOf(' ')))
            .toList();
    ids.forEach(id -> command("CLIENT", "KILL", "ID", id));
    return ids.size();
  }

  /** Waits until no client of a name is left. */
  public void awaitNoClientNamed(String name) {
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> clientsNamed(name).isEmpty());
  }

  /** Returns a connection factory of Lettuce, closed together with this server. */
  public LettuceConnectionFactory lettuce() {
    return lettuce(configuration -> {});
  }

  /**
   * Returns a connection factory of Lettuce with a configuration, closed together with this server.
   * All of them share their threads, as they do in Spring Boot.
   */
  public LettuceConnectionFactory lettuce(Consumer<RedisStandaloneConfiguration> customizer) {
    LettuceConnectionFactory factory =
        new LettuceConnectionFactory(
            configuration(customizer),
            LettuceClientConfiguration.builder().clientResources(Resources.SHARED).build());
    factory.afterPropertiesSet();
    closers.add(factory::destroy);
    return factory;
  }

  /** Returns a connection factory of Jedis, closed together with this server. */
  public JedisConnectionFactory jedis() {
    return jedis(configuration -> {});
  }

  /**
   * Returns a connection factory of Jedis with a configuration, closed together with this server.
   */
  public JedisConnectionFactory jedis(Consumer<RedisStandaloneConfiguration> customizer) {
    JedisConnectionFactory factory = new JedisConnectionFactory(configuration(customizer));
    factory.afterPropertiesSet();
    closers.add(factory::destroy);
    return factory;
  }

  private RedisStandaloneConfiguration configuration(
      Consumer<RedisStandaloneConfiguration> customizer) {
    RedisStandaloneConfiguration configuration = new RedisStandaloneConfiguration(HOST, port);
    customizer.accept(configuration);
    return configuration;
  }

  /** Made when they are needed; their threads are daemons and end with the JVM. */
  private static final class Resources {
    private static final ClientResources SHARED = ClientResources.create();
  }

  /** Closes the connection factories that it gave out, and stops the server. */
  @Override
  public void close() {
    closers.forEach(Runnable::run);
    closers.clear();
    stopForGood();
  }

  private void stopForGood() {
    stop();
    try {
      FileSystemUtils.deleteRecursively(directory);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}

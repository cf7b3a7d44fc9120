package io.github.cacheinvalidation.benchmarks;

import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.resource.ClientResources;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import redis.clients.jedis.Jedis;
import redis.embedded.RedisServer;

/**
 * A Redis server on a free port, shared by all participants. Each Lettuce client has its own
 * threads.
 */
final class Server implements AutoCloseable {

  static final String HOST = "127.0.0.1";

  private final RedisServer process;
  private final int port;
  private final ClientResources resources = ClientResources.create();
  private final List<Runnable> closers = new ArrayList<>();
  private final RedisCommands<String, String> commands;

  private Server() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = socket.getLocalPort();
    }
    this.process =
        RedisServer.builder()
            .port(port)
            .bind(HOST)
            .setting("save \"\"")
            .setting("appendonly no")
            .build();
    process.start();
    this.commands = client().connect().sync();
  }

  static Server start() throws IOException {
    return new Server();
  }

  int port() {
    return port;
  }

  /** Returns a Lettuce client that is closed with this server. */
  RedisClient client() {
    return client(port);
  }

  /** The same, through another port, such as that of a {@link Cable}. */
  RedisClient client(int port) {
    RedisClient client =
        RedisClient.create(RedisURI.builder().withHost(HOST).withPort(port).build());
    closers.add(() -> client.shutdown(Duration.ZERO, Duration.ofSeconds(2)));
    return client;
  }

  /** Returns a connection of a client of its own. */
  StatefulRedisConnection<byte[], byte[]> connection() {
    return client().connect(io.lettuce.core.codec.ByteArrayCodec.INSTANCE);
  }

  /** Returns a connection factory as an application has, closed with this server. */
  LettuceConnectionFactory connectionFactory() {
    return connectionFactory(port);
  }

  /** The same, through another port, such as that of a {@link Cable}. */
  LettuceConnectionFactory connectionFactory(int port) {
    LettuceConnectionFactory factory =
        new LettuceConnectionFactory(
            new RedisStandaloneConfiguration(HOST, port),
            LettuceClientConfiguration.builder().clientResources(resources).build());
    factory.afterPropertiesSet();
    closers.add(factory::destroy);
    return factory;
  }

  /** Returns a connection factory over Jedis without a pool, closed with this server. */
  JedisConnectionFactory jedisFactory() {
    JedisConnectionFactory factory =
        new JedisConnectionFactory(
            new RedisStandaloneConfiguration(HOST, port),
            JedisClientConfiguration.builder().build());
    factory.afterPropertiesSet();
    closers.add(factory::destroy);
    return factory;
  }

  /** Returns a connection of Jedis, to be closed by the caller. */
  Jedis jedis() {
    return new Jedis(HOST, port);
  }

  /** Returns the fields of a section of {@code INFO}. */
  Map<String, String> info(String section) {
    return info(commands, section);
  }

  /** Returns the fields of a section of {@code INFO} of a server. */
  static Map<String, String> info(RedisCommands<String, String> commands, String section) {
    Map<String, String> values = new HashMap<>();
    for (String line : Arrays.asList(commands.info(section).split("\r?\n", -1))) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        values.put(line.substring(0, colon), line.substring(colon + 1));
      }
    }
    return values;
  }

  /** Returns the processor time that the server has used, in seconds. */
  double cpuSeconds() {
    return cpuSeconds(info("cpu"));
  }

  /** Returns the processor time in the answer to {@code INFO cpu}, in seconds. */
  static double cpuSeconds(Map<String, String> cpu) {
    return number(cpu, "used_cpu_user") + number(cpu, "used_cpu_sys");
  }

  /** Returns a field of {@code INFO} that must exist. */
  static double number(Map<String, String> info, String name) {
    String value = info.get(name);
    if (value == null) {
      throw new IllegalStateException("INFO of Redis has no field " + name);
    }
    return Double.parseDouble(value);
  }

  /** Returns the memory of all keys whose names contain a text, in bytes. */
  long memoryOfKeysWith(String text) {
    return commands.keys("*" + text + "*").stream().mapToLong(this::memoryOf).sum();
  }

  /** Visits all parts of the value, where the plain command estimates from the first five. */
  private long memoryOf(String key) {
    CommandArgs<String, String> arguments =
        new CommandArgs<>(StringCodec.UTF8).add("USAGE").addKey(key).add("SAMPLES").add(0);
    return commands.dispatch(CommandType.MEMORY, new IntegerOutput<>(StringCodec.UTF8), arguments);
  }

  ClientList clients() {
    return ClientList.of(commands.clientList());
  }

  void flush() {
    commands.flushall();
  }

  /** Closes the connections of all subscribers. Returns their number. */
  long killSubscribers() {
    return commands.clientKill(KillArgs.Builder.typePubsub());
  }

  @Override
  public void close() throws IOException {
    Collections.reverse(closers);
    closers.forEach(Runnable::run);
    resources.shutdown(0, 2, java.util.concurrent.TimeUnit.SECONDS).awaitUninterruptibly(3000);
    process.stop();
  }
}

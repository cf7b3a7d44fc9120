package io.github.cacheinvalidation.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import io.github.cacheinvalidation.sample.products.ShopNode;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.CacheManager;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Follows docs/operations.md on a fleet of the sample that is broken in seven ways, and finds each
 * cause from the answers alone, by the requests and fields of the page.
 */
@Tag("source")
class RunbookTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String CHANNEL = "cache:invalidate:shop";

  private static final String LOG = "{" + CHANNEL + "}:log";

  /** Two messages that no subscriber gets, in a log that keeps only the second. */
  private static final String LOSE_A_MESSAGE =
      """
      for i = 1, 2 do
        redis.call('XADD', KEYS[1], '*', 'n', 'lost' .. i, 's', '0', 'm', '{"cache":"products"}')
      end
      redis.call('XTRIM', KEYS[1], 'MAXLEN', 1)
      """;

  private static final String SENT = "invalidations[*].origin";

  private static final Runbook runbook = Runbook.read();

  private static final List<ConfigurableApplicationContext> nodes = new ArrayList<>();

  private static final ShopClient client = new ShopClient();

  private static EmbeddedRedis redis;
  private static RedisClient operator;
  private static StatefulRedisConnection<String, String> connection;
  private static int first;
  private static int unbounded;
  private static int otherChannel;
  private static int otherDatabase;
  private static int wrongPassword;

  @BeforeAll
  static void startAFleetWithMistakes() {
    redis = EmbeddedRedis.start(Ports.free());
    operator = RedisClient.create(RedisURI.create("localhost", redis.port()));
    connection = operator.connect();
    redisCli(List.of("ACL", "SETUSER", "shop", "on", ">right", "~*", "&*", "+@all"));
    first = node("first");
    unbounded = node("unbounded", "--invalidation.caches.products.spec=recordStats");
    otherChannel = node("other-channel", "--invalidation.channel=cache:invalidate:shops");
    otherDatabase = node("other-database", "--spring.data.redis.database=1");
    wrongPassword =
        node(
            "wrong-password",
            "--spring.data.redis.username=shop",
            "--spring.data.redis.password=wrong");
    awaitUntil(() -> assertThat(state(first)).isEqualTo("COHERENT"));
    awaitUntil(() -> assertThat(state(unbounded)).isEqualTo("COHERENT"));
  }

  @AfterAll
  static void stop() {
    nodes.forEach(ConfigurableApplicationContext::close);
    connection.close();
    operator.shutdown();
    redis.close();
  }

  @Test
  void table_hasARowForEachWay() {
    assertThat(runbook.rows())
        .extracting(Runbook.Row::cause)
        .containsExactly(
            "another channel name on one node",
            "another database on one node",
            "Redis is down",
            "wrong password",
            "a key without encoding",
            "a cache without bounds",
            "a lost message");
  }

  @Test
  void anotherChannelName_isSeenInTheNumberOfListeners_andInTheChannel() {
    Runbook.Row row = runbook.row("another channel name on one node");

    assertThat(shown(first, row)).isEqualTo(CHANNEL);
    assertThat(shown(unbounded, row)).isEqualTo(CHANNEL);
    assertThat(shown(otherChannel, row)).isEqualTo("cache:invalidate:shops");
    assertThatNodesAreMissing(first, row, 2);
    assertThatNodesAreMissing(otherChannel, row, 1);
  }

  @Test
  void anotherDatabase_isSeenInTheNumberOfListeners_andAtTheEndOfTheChannel() {
    Runbook.Row row = runbook.row("another database on one node");

    assertThat(shown(otherDatabase, row)).isEqualTo(CHANNEL + row.shown().get(0) + "1");
    assertThatNodesAreMissing(otherDatabase, row, 1);
  }

  @Test
  void wrongPassword_isTheReasonInTheHealth() {
    Runbook.Row row = runbook.row("wrong password");

    awaitUntil(() -> assertThat(shown(wrongPassword, row)).contains(row.shown().get(0)));
    assertThat(read(wrongPassword, row.request(), "details.state")).isEqualTo("JOINING");
    assertThat(shown(wrongPassword, row)).contains("spring.data.redis.password");
    assertThat(client.get(first, row.request()).body()).doesNotContain("\"reason\"");
  }

  @Test
  void keyWithoutEncoding_isNamedByItsClass() {
    Runbook.Row row = runbook.row("a key without encoding");
    assertThat(shown(first, row)).isEqualTo("[]");

    Objects.requireNonNull(nodes.get(0).getBean(CacheManager.class).getCache("products"))
        .evict(new AtomicInteger(7));

    awaitUntil(
        () -> assertThat(shown(first, row)).contains("java.util.concurrent.atomic.AtomicInteger"));
    assertThat(read(first, row.request(), row.field().replace(".type", ".reason")))
        .contains("AtomicInteger ");
    assertThat(read(first, "/actuator/metrics/invalidation.keys.unencodable", "measurements"))
        .contains("1.0");
  }

  @Test
  void cacheWithoutBounds_isUnlimited() {
    Runbook.Row row = runbook.row("a cache without bounds");

    assertThat(row.shown()).containsExactly("true");
    assertThat(shown(first, row)).isEqualTo("[false,false]");
    assertThat(shown(unbounded, row)).isEqualTo("[true,false]");
  }

  @Test
  void lostMessage_isCountedAsTheReasonOfAClear() {
    Runbook.Row row = runbook.row("a lost message");
    client.changePrice(first, 7, new BigDecimal("70.25")); // begins the log
    awaitUntil(() -> assertThat(read(unbounded, "/actuator/invalidation", SENT)).contains("first"));
    assertThat(number(unbounded, row)).isZero();

    connection.sync().eval(LOSE_A_MESSAGE, ScriptOutputType.STATUS, LOG);

    awaitUntil(() -> assertThat(number(unbounded, row)).isEqualTo(2.0));
    awaitUntil(() -> assertThat(state(unbounded)).isEqualTo("COHERENT"));
  }

  @Test
  void redisThatIsDown_isTheReasonInTheHealth_untilItIsBack() {
    Runbook.Row row = runbook.row("Redis is down");

    redis.stop();
    try {
      awaitUntil(() -> assertThat(shown(first, row)).contains(row.shown().get(0)));
      assertThat(read(first, row.request(), "details.state")).isEqualTo(row.shown().get(2));
      client.changePrice(first, 9, new BigDecimal("9.25"));
      awaitUntil(
          () ->
              assertThat(read(first, "/actuator/invalidation", "node.pendingKeys"))
                  .isNotEqualTo("0"));
    } finally {
      redis.start();
      redisCli(List.of("ACL", "SETUSER", "shop", "on", ">right", "~*", "&*", "+@all"));
    }
    awaitUntil(() -> assertThat(state(first)).isEqualTo("COHERENT"));
    awaitUntil(() -> assertThat(state(unbounded)).isEqualTo("COHERENT"));
  }

  @Test
  void commandsOfTheRunbook_areAnswered_andClearEveryNode() {
    assertThat(runbook.reads()).hasSize(4).allSatisfy(path -> assertOk(client.get(first, path)));
    for (String path : runbook.deletes()) {
      assertOk(client.delete(first, path));
    }
    List<List<String>> commands = runbook.redisCommands(CHANNEL);
    assertThat(commands).extracting(words -> words.get(0)).contains("PUBSUB", "XREVRANGE");
    List<String> clear =
        commands.stream()
            .filter(words -> words.toString().contains("*\""))
            .findFirst()
            .orElseThrow();
    assertThat(commands.stream().map(words -> String.valueOf(redisCli(words))).toList())
        .allSatisfy(answer -> assertThat(answer).isNotEqualTo("[0]"));
    String before = read(unbounded, "/actuator/invalidation", "caches[*].lastClear.time");

    assertThat(redisCli(clear)).isEqualTo(List.of(2L));

    awaitUntil(
        () ->
            assertThat(read(unbounded, "/actuator/invalidation", "caches[*].lastClear.time"))
                .isNotEqualTo(before));
    for (int port : List.of(first, unbounded)) {
      awaitUntil(
          () ->
              assertThat(read(port, "/actuator/invalidation", "caches[*].lastClear.reason"))
                  .isEqualTo("[\"INVALIDATED\",\"INVALIDATED\"]"));
    }
    assertThat(read(unbounded, "/actuator/invalidation", "invalidations[0].from"))
        .isEqualTo("foreign");
  }

  private static void assertThatNodesAreMissing(int port, Runbook.Row row, int connections) {
    assertThat(read(port, row.request(), "listeners.expected")).isEqualTo("3");
    awaitUntil(
        () ->
            assertThat(read(port, row.request(), "listeners.connections"))
                .isEqualTo(String.valueOf(connections)));
  }

  private static void assertOk(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private static String state(int port) {
    return read(port, "/actuator/invalidation", "node.state");
  }

  private static String shown(int port, Runbook.Row row) {
    return read(port, row.request(), row.field());
  }

  private static double number(int port, Runbook.Row row) {
    return Double.parseDouble(shown(port, row));
  }

  /** Returns what a field shows, several values as a list in JSON. */
  private static String read(int port, String request, String field) {
    HttpResponse<String> answer = client.get(port, request);
    assertOk(answer);
    Object value = JsonPath.read(answer.body(), "$." + field);
    return String.valueOf(value);
  }

  /** Does what redis-cli does with these words. */
  private static List<Object> redisCli(List<String> words) {
    CommandArgs<String, String> arguments = new CommandArgs<>(StringCodec.UTF8);
    words.subList(1, words.size()).forEach(arguments::add);
    return connection
        .sync()
        .dispatch(
            CommandType.valueOf(words.get(0)),
            new NestedMultiOutput<>(StringCodec.UTF8),
            arguments);
  }

  private static int node(String name, String... own) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "--server.port=0",
                "--invalidation.node-name=" + name,
                "--invalidation.expected-nodes=3",
                "--spring.data.redis.host=localhost",
                "--spring.data.redis.port=" + redis.port(),
                "--spring.datasource.url=jdbc:h2:mem:runbook;DB_CLOSE_DELAY=-1"));
    args.addAll(List.of(own));
    ConfigurableApplicationContext context =
        new SpringApplicationBuilder(ShopNode.class)
            .registerShutdownHook(false)
            .run(args.toArray(String[]::new));
    nodes.add(context);
    return Integer.parseInt(
        Objects.requireNonNull(context.getEnvironment().getProperty("local.server.port")));
  }

  private static void awaitUntil(ThrowingRunnable assertion) {
    await().atMost(PATIENCE).untilAsserted(assertion);
  }
}

package io.github.cacheinvalidation.autoconfigure;

import static io.github.cacheinvalidation.autoconfigure.Watch.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.github.cacheinvalidation.testing.TestRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ApplicationContext;
import redis.clients.jedis.Jedis;

/** Applications that start while Redis cannot be used, for each reason there is. */
@Tag("G8")
class StartupFaultsTest {

  private static final int ATTEMPTS = 3;

  /** A server that answers nothing costs each attempt five seconds. */
  private static final Duration LONGEST_ATTEMPTS = Duration.ofMinutes(1);

  private static Stream<Arguments> faultsAndClients() {
    return Arrays.stream(Fault.values())
        .flatMap(fault -> Stream.of("lettuce", "jedis").map(client -> Arguments.of(fault, client)));
  }

  @Tag("G8.8")
  @ParameterizedTest
  @MethodSource("faultsAndClients")
  void faultAtTheStart_isSaidOnceAndTheApplicationWorksAndHeals(Fault fault, String client) {
    try (TestRedis redis = fault.redis();
        AutoCloseable pretender = fault.pretender(redis);
        Logged logged = new Logged()) {
      Shop.in(Applications.over(redis), Shop.database())
          .withPropertyValues("spring.data.redis.client-type=" + client)
          .withPropertyValues("invalidation.publish.timeout=100ms")
          .withPropertyValues(fault.settings())
          .run(
              context -> {
                assertThat(context).hasNotFailed();
                assertCachesWork(Shop.of(context));
                awaitAttempts(Watch.of(context));
                fault.assertSaid(logged.warnings());
                if (fault.heals()) {
                  fault.heal(redis, pretender);
                  awaitHealed(context, logged);
                  fault.assertSaid(logged.warnings());
                }
              });
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  @Tag("G8.9")
  @ParameterizedTest
  @ValueSource(strings = {"lettuce", "jedis"})
  void serverThatAnswersLate_isNoFault(String client) {
    try (TestRedis redis = TestRedis.started();
        Logged logged = new Logged()) {
      redis.pause();
      Shop.in(Applications.over(redis), Shop.database())
          .withPropertyValues("spring.data.redis.client-type=" + client)
          .run(
              context -> {
                Watch watch = Watch.of(context);
                Shop.of(context).write(1, "new");
                patiently().until(() -> watch.publicationsFailed.get() >= 2); // two timeouts
                redis.resume();
                Watch.awaitJoined(context);
                DefaultInvalidationNode node = context.getBean(DefaultInvalidationNode.class);
                patiently().until(() -> node.pendingKeys() == 0);
                assertThat(logged.warnings()).isEmpty();
                assertThat(watch.checksFailed).hasValue(0);
              });
    }
  }

  private static void assertCachesWork(Shop shop) {
    assertThat(shop.read(1)).isEqualTo("old");
    assertThat(shop.read(1)).isEqualTo("old");
    assertThat(shop.loads()).isEqualTo(1);
    shop.write(1, "new");
    assertThat(shop.read(1)).isEqualTo("new");
  }

  private static void awaitAttempts(Watch watch) {
    patiently()
        .atMost(LONGEST_ATTEMPTS)
        .until(
            () ->
                watch.checksFailed.get() >= ATTEMPTS
                    && watch.subscriptionsLost.get() >= ATTEMPTS
                    && watch.publicationsFailed.get() >= ATTEMPTS);
    assertThat(watch.joined).hasValue(0);
  }

  private static void awaitHealed(ApplicationContext context, Logged logged) {
    Watch.awaitJoined(context);
    DefaultInvalidationNode node = context.getBean(DefaultInvalidationNode.class);
    patiently().until(() -> node.pendingKeys() == 0);
    patiently().until(() -> logged.says("Connected to the channel after"));
  }

  /** The reasons why an application cannot reach its Redis. */
  enum Fault {
    DOWN {
      @Override
      TestRedis redis() {
        return TestRedis.stopped();
      }

      @Override
      String clue() {
        return "127.0.0.1:";
      }

      @Override
      void heal(TestRedis redis, AutoCloseable pretender) {
        redis.start();
      }
    },
    HOST_UNKNOWN {
      @Override
      String[] settings() {
        return new String[] {"spring.data.redis.host=no-such-host.invalid"};
      }

      @Override
      String clue() {
        return "no-such-host.invalid";
      }
    },
    WRONG_PASSWORD {
      @Override
      TestRedis redis() {
        return TestRedis.started("requirepass right");
      }

      @Override
      String[] settings() {
        return new String[] {"spring.data.redis.password=wrong"};
      }

      @Override
      String clue() {
        return "Set spring.data.redis.username and spring.data.redis.password";
      }

      @Override
      void heal(TestRedis redis, AutoCloseable pretender) {
        try (Jedis jedis = new Jedis(redis.host(), redis.port())) {
          jedis.auth("right");
          jedis.configSet("requirepass", "wrong");
        }
      }
    },
    NO_PASSWORD {
      @Override
      TestRedis redis() {
        return TestRedis.started("requirepass right");
      }

      @Override
      String clue() {
        return "Set spring.data.redis.username and spring.data.redis.password";
      }

      @Override
      void heal(TestRedis redis, AutoCloseable pretender) {
        try (Jedis jedis = new Jedis(redis.host(), redis.port())) {
          jedis.auth("right");
          jedis.configSet("requirepass", "");
        }
      }
    },
    NO_RIGHTS {
      @Override
      TestRedis redis() {
        return TestRedis.started("user guest on >secret -@all");
      }

      @Override
      String[] settings() {
        return new String[] {
          "spring.data.redis.username=guest", "spring.data.redis.password=secret"
        };
      }

      @Override
      String clue() {
        return "ACL SETUSER";
      }

      @Override
      void assertSaid(List<String> warnings) {
        assertThat(warnings)
            .hasSize(2)
            .anyMatch(line -> line.contains("Not connected to the channel yet"))
            .anyMatch(line -> line.contains("Redis refused a message"))
            .allMatch(line -> line.contains(clue()));
      }

      @Override
      void heal(TestRedis redis, AutoCloseable pretender) {
        redis.command("ACL", "SETUSER", "guest", "+@all", "~*", "&*");
      }
    },
    ENCRYPTED_TO_PLAIN {
      @Override
      String[] settings() {
        return new String[] {"spring.data.redis.ssl.enabled=true"};
      }

      @Override
      String clue() {
        return "Encryption is on";
      }
    },
    PLAIN_TO_ENCRYPTED {
      @Override
      TestRedis redis() {
        return TestRedis.stopped();
      }

      @Override
      AutoCloseable pretender(TestRedis redis) {
        return new EncryptedPort(redis.port());
      }

      @Override
      String clue() {
        return "Encryption is off";
      }

      @Override
      void heal(TestRedis redis, AutoCloseable pretender) throws Exception {
        pretender.close();
        redis.start();
      }
    };

    TestRedis redis() {
      return TestRedis.started();
    }

    AutoCloseable pretender(TestRedis redis) {
      return () -> {};
    }

    String[] settings() {
      return new String[0];
    }

    abstract String clue();

    /** Says each thing once, however often it was tried. */
    void assertSaid(List<String> warnings) {
      assertThat(warnings)
          .singleElement()
          .asString()
          .contains("Not connected to the channel yet", clue());
    }

    boolean heals() {
      return this != HOST_UNKNOWN && this != ENCRYPTED_TO_PLAIN;
    }

    void heal(TestRedis redis, AutoCloseable pretender) throws Exception {}
  }

  /** Answers everything with the alert of TLS that says that it was not TLS. */
  private static final class EncryptedPort implements AutoCloseable {

    private static final byte[] ALERT = {21, 3, 3, 0, 2, 2, 10};

    private final ServerSocket server;

    EncryptedPort(int port) {
      try {
        server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
      Thread thread = new Thread(this::answer, "encrypted-port");
      thread.setDaemon(true);
      thread.start();
    }

    private void answer() {
      while (!server.isClosed()) {
        try (Socket socket = server.accept()) {
          socket.getInputStream().read();
          socket.getOutputStream().write(ALERT);
        } catch (IOException gone) {
          assertThat(gone).isNotNull(); // the client, or this port
        }
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}

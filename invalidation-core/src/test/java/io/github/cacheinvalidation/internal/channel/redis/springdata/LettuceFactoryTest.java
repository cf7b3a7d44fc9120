package io.github.cacheinvalidation.internal.channel.redis.springdata;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisURI;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Which server a node connects to that gets a connection factory of the application. */
class LettuceFactoryTest {

  private final RedisStandaloneConfiguration settings =
      new RedisStandaloneConfiguration("redis.example.org", 6400);

  @Test
  void standaloneServer_isTheOneOfTheFactory() {
    assertConnectsTo(new LettuceConnectionFactory(settings));
  }

  /** The constructor for the general type leaves the accessor at the default server. */
  @Test
  void standaloneServer_givenByItsGeneralType_isTheOneOfTheFactory() {
    RedisConfiguration general = settings;

    assertConnectsTo(new LettuceConnectionFactory(general));
  }

  private void assertConnectsTo(LettuceConnectionFactory factory) {
    settings.setDatabase(3);

    RedisURI server = LettuceFactory.target(factory).settings().get().servers().get(0);

    assertThat(server.getHost()).isEqualTo("redis.example.org");
    assertThat(server.getPort()).isEqualTo(6400);
    assertThat(server.getDatabase()).isEqualTo(3);
  }
}

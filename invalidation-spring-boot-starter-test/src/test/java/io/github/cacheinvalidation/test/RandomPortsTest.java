package io.github.cacheinvalidation.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.test.shop.ShopApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

class RandomPortsTest {

  @Test
  void nodesOfAWebApplication_listenOnPortsOfTheirOwn() throws Exception {
    try (InvalidationFleet fleet =
        InvalidationFleet.of(2, ShopApplication.class, "server.port=1")) {
      assertServers(fleet);
    }
  }

  @Test
  void furtherNodesOfATestWithADefinedPort_listenOnPortsOfTheirOwn() {
    Samples.pass(DefinedPort.class);
  }

  @Test
  void managementPort_isRandomOnlyIfItIsSet() {
    MockEnvironment unset = new MockEnvironment();
    MockEnvironment set = new MockEnvironment().withProperty("management.server.port", "8081");
    MockEnvironment off = new MockEnvironment().withProperty("management.server.port", "-1");

    assertThat(RandomPorts.of(unset)).isEqualTo(Map.of("server.port", 0));
    assertThat(RandomPorts.of(set))
        .isEqualTo(Map.of("server.port", 0, "management.server.port", 0));
    assertThat(RandomPorts.of(off)).isEqualTo(Map.of("server.port", 0));
  }

  private static void assertServers(InvalidationFleet fleet) throws Exception {
    assertThat(fleet.nodes()).extracting(RandomPortsTest::port).doesNotHaveDuplicates();
    for (FleetNode node : fleet.nodes()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://localhost:" + port(node) + "/none")).build();
      assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode())
          .isEqualTo(404);
    }
  }

  private static String port(FleetNode node) {
    return node.context().getEnvironment().getRequiredProperty("local.server.port");
  }

  @SpringBootTest(classes = ShopApplication.class, webEnvironment = WebEnvironment.DEFINED_PORT)
  @CacheFleet
  static class DefinedPort {

    private static final int PORT = freePort();

    @DynamicPropertySource
    static void serve(DynamicPropertyRegistry registry) {
      registry.add("server.port", () -> PORT);
    }

    private static int freePort() {
      try (ServerSocket socket = new ServerSocket(0)) {
        return socket.getLocalPort();
      } catch (IOException none) {
        throw new UncheckedIOException(none);
      }
    }

    @Test
    void servers(@Autowired InvalidationFleet fleet) throws Exception {
      assertThat(port(fleet.node(0))).isEqualTo(String.valueOf(PORT));
      assertServers(fleet);
    }
  }
}

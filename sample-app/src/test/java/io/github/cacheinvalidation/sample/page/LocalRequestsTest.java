package io.github.cacheinvalidation.sample.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may use the page: only a visitor at this machine, from the page itself. */
class LocalRequestsTest {

  private static final ShopPage page = open();
  private static final PageClient client = new PageClient(page.address());
  private static final String HERE = "Origin: http://localhost:" + page.address().getPort();

  private static ShopPage open() {
    try {
      return ShopPage.open(0, null, Duration.ofSeconds(10));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeAll
  static void serve() {
    page.serve();
  }

  @AfterAll
  static void close() {
    page.close();
  }

  @Test
  void page_isServedToThisMachine_andLoadsNothingFromElsewhere() {
    assertThat(client.send("GET", "/"))
        .startsWith("HTTP/1.1 200")
        .containsIgnoringCase("Content-Security-Policy: default-src 'none'; script-src 'self'")
        .contains("<title>Cache invalidation, live</title>")
        .doesNotContainPattern("(?:src|href)=\"(?:https?:)?//");
  }

  @Test
  void buttonOfThePage_isAnswered() {
    assertThat(client.send("POST", "/load/stop", HERE)).startsWith("HTTP/1.1 204");
    assertThat(client.send("POST", "/load/stop", HERE, "Sec-Fetch-Site: same-origin"))
        .startsWith("HTTP/1.1 204");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: http://evil.example",
        "Origin: http://localhost:1",
        "Origin: https://localhost:8080",
        "Origin: null",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site"
      })
  void buttonOfAnotherOrigin_isRefused(String header) {
    assertThat(client.send("POST", "/load/stop", header)).startsWith("HTTP/1.1 403");
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "localhost.evil.example", "192.0.2.1", "localhost", ""})
  void foreignNameOfThisMachine_isRefused(String host) {
    for (String path : List.of("/", "/events")) {
      assertThat(client.sendTo(host, "GET", path)).startsWith("HTTP/1.1 403");
    }
    assertThat(client.sendTo(host, "POST", "/load/stop")).startsWith("HTTP/1.1 403");
  }

  @Test
  void foreignNameWithThePortOfThePage_isRefused() {
    String host = "evil.example:" + page.address().getPort();

    assertThat(client.sendTo(host, "POST", "/load/stop", "Origin: http://" + host))
        .startsWith("HTTP/1.1 403");
  }

  @Test
  void action_needsPost_andAFileNeedsGet() {
    assertThat(client.send("GET", "/load/stop")).startsWith("HTTP/1.1 405");
    assertThat(client.send("GET", "/nodes/1/read")).startsWith("HTTP/1.1 405");
    assertThat(client.send("POST", "/", HERE)).startsWith("HTTP/1.1 405");
    assertThat(client.send("POST", "/events", HERE)).startsWith("HTTP/1.1 405");
  }

  @Test
  void otherFile_isNotServed() {
    assertThat(client.send("GET", "/../application.yml")).startsWith("HTTP/1.1 404");
    assertThat(client.send("GET", "/%2e%2e/application.yml")).startsWith("HTTP/1.1 404");
  }

  @Test
  void unknownNode_isRefusedWithTheReason() {
    assertThat(client.send("POST", "/nodes/9/read", HERE))
        .startsWith("HTTP/1.1 409")
        .contains("There is no action read of node 9.");
  }

  @Test
  void otherInterface_doesNotListen() throws IOException {
    List<InetAddress> others =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> !address.isLoopbackAddress())
            .toList();
    assertThat(InetAddress.getByName(page.address().getHost()).isLoopbackAddress()).isTrue();
    for (InetAddress other : others) {
      assertThatIOException()
          .as("%s", other)
          .isThrownBy(() -> new Socket(other, page.address().getPort()).close());
    }
  }
}

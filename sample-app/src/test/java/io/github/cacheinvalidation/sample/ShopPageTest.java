package io.github.cacheinvalidation.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.sample.page.PageClient;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the page shows of a running shop, and what its buttons do, without a browser. */
class ShopPageTest {

  private static final int FIRST = FreePorts.firstOf(5);
  private static final int PAGE = FIRST + 3;
  private static final int CONTROL = FIRST + 4;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Shop shop =
      Shop.configure(
          "--shop.first-port=" + FIRST,
          "--shop.page-port=" + PAGE,
          "--shop.control-port=" + CONTROL,
          "--invalidation.max-staleness=60s"); // so that a slow machine clears nothing

  private final PageClient page = new PageClient(URI.create("http://localhost:" + PAGE));

  @BeforeAll
  static void open() {
    shop.open();
  }

  @AfterAll
  static void close() {
    shop.close();
  }

  @Test
  void homeOfANode_leadsToThePage() {
    HttpResponse<String> home = new ShopClient().get(FIRST + 1, "/");

    assertThat(home.statusCode()).isEqualTo(302);
    assertThat(home.headers().firstValue("Location")).hasValue("http://localhost:" + PAGE + "/");
    assertThat(shop.welcome()).contains("  http://localhost:" + PAGE + "/\n");
  }

  @Test
  void priceChange_showsItsWay_andTheTimeOnEachOtherNode() {
    awaitCoherent();
    press("nodes/2/read?product=6");
    assertThat(node(page.state(), 2).path("entries").toString()).contains("\"id\":6");

    press("nodes/1/price?product=6");

    JsonNode state = page.state();
    JsonNode travel = state.path("travels").path(0);
    assertThat(travel.path("from").asInt()).isEqualTo(1);
    assertThat(travel.path("what").asString()).isEqualTo("product 6");
    assertThat(travel.path("arrivals").values())
        .hasSize(2)
        .allSatisfy(
            arrival -> {
              assertThat(arrival.path("how").asString()).isEqualTo("message");
              assertThat(arrival.path("micros").asLong()).isBetween(1L, 600_000L);
            });
    assertThat(sentence(state))
        .startsWith("Node 1 committed ")
        .contains("Evicted on node 2 after ");
    assertThat(state.path("story").path(0).path("promise").asString()).isEqualTo("G2");
    assertThat(node(state, 2).path("entries").toString()).doesNotContain("\"id\":6");
  }

  @Test
  void nodeThatWasCutOff_replaysWhatItMissed_andClearsNothing() {
    awaitCoherent();
    press("nodes/2/read?product=7");
    press("nodes/2/read?product=1");
    int cleared = count(page.state(), "cleared");

    press("nodes/2/cut");
    awaitState(state -> stateName(state, 2).equals("CUT_OFF"));
    press("nodes/1/price?product=7");
    press("nodes/2/read?product=7");
    assertThat(sentence(page.state()))
        .startsWith("Node 2 still answers from its cache, with an old");
    press("nodes/2/connect");

    awaitState(state -> stateName(state, 2).equals("COHERENT"));
    JsonNode state = page.state();
    assertThat(node(state, 2).path("entries").toString())
        .doesNotContain("\"id\":7")
        .contains("\"id\":1");
    assertThat(count(state, "cleared")).isEqualTo(cleared);
    assertThat(count(state, "replayed")).isPositive();
    assertThat(state.path("story").toString()).contains("and cleared nothing.");
  }

  @Test
  void oldPriceOnANodeThatReachesRedis_isExplainedByTheNodeThatDoesNot() {
    awaitCoherent();
    press("nodes/2/read?product=6");

    press("nodes/1/cut");
    awaitState(state -> stateName(state, 1).equals("CUT_OFF"));
    press("nodes/1/price?product=6");
    press("nodes/2/read?product=6");

    JsonNode state = page.state();
    assertThat(sentence(state))
        .contains("with an old price")
        .endsWith("the node that committed it keeps it until it reaches Redis.");
    assertThat(state.path("story").path(0).path("promise").asString()).isEqualTo("G5");
    press("nodes/1/connect");
    awaitCoherent();
  }

  @Test
  void slowLoadThatAWriteOvertakes_isNotCached() {
    awaitCoherent();

    press("nodes/3/race?product=4");

    JsonNode state = page.state();
    assertThat(sentence(state)).contains("but the old value was not cached.");
    assertThat(state.path("story").path(0).path("promise").asString()).isEqualTo("G1");
    assertThat(node(state, 3).path("entries").toString()).doesNotContain("\"id\":4");
  }

  @Test
  void stoppedNode_isRefusedUntilItIsStartedAgain() {
    awaitCoherent();
    press("nodes/3/stop");

    assertThat(page.post("nodes/3/read")).startsWith("HTTP/1.1 409").contains("Start it first.");
    assertThat(node(page.state(), 3).path("life").asString()).isEqualTo("STOPPED");
    press("nodes/3/start");

    awaitCoherent();
    press("nodes/3/read");
  }

  @Test
  void productsOfANode_areComparedWithTheDatabase_andNoneIsStale() {
    awaitCoherent();
    press("nodes/1/read?product=6");
    long before = judged(page.state(), "compared");

    awaitState(state -> judged(state, "compared") > before);

    assertThat(judged(page.state(), "stale")).isZero();
  }

  @Test
  void controlOfRedis_refusesOtherOrigins() {
    PageClient control = new PageClient(URI.create("http://localhost:" + CONTROL));

    assertThat(control.send("POST", "/redis/stop", "Origin: http://evil.example"))
        .startsWith("HTTP/1.1 403");
    assertThat(page.state().path("redis").path("running").asBoolean()).isTrue();
  }

  /** Presses a button that the page must not refuse. */
  private void press(String action) {
    assertThat(page.post(action)).as(action).startsWith("HTTP/1.1 204");
  }

  private void awaitCoherent() {
    awaitState(
        state ->
            state.path("nodes").values().stream()
                .allMatch(
                    each -> each.path("status").path("state").asString("").equals("COHERENT")));
  }

  private void awaitState(Predicate<JsonNode> condition) {
    await().atMost(PATIENCE).until(() -> condition.test(page.state()));
  }

  private static JsonNode node(JsonNode state, int number) {
    return state.path("nodes").path(number - 1);
  }

  private static String stateName(JsonNode state, int number) {
    return node(state, number).path("status").path("state").asString("");
  }

  private static int count(JsonNode state, String name) {
    return node(state, 2).path("counts").path("events").path(name).asInt();
  }

  private static long judged(JsonNode state, String name) {
    return node(state, 1).path("counts").path("judged").path(name).asLong();
  }

  private static String sentence(JsonNode state) {
    return state.path("story").path(0).path("text").asString();
  }
}

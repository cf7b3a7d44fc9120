package io.github.cacheinvalidation.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;

/**
 * The page in a real browser, as a visitor uses it. Needs Chromium and its driver, as Debian's
 * packages {@code chromium} and {@code chromium-driver} install them; other places are named by the
 * system properties {@code browser} and {@code browser.driver}. Leaves screenshots below {@code
 * target/screenshots}.
 */
@Tag("browser")
class PageBrowserTest {

  private static final int FIRST = FreePorts.firstOf(4);
  private static final String PAGE = "http://localhost:" + (FIRST + 3) + "/";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final String DATABASE =
      "jdbc:h2:mem:page-" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE";
  private static final Pattern CLEARED = Pattern.compile("Cleared\\s+(\\d+)");

  private static final Shop shop =
      Shop.configure(
          "--shop.first-port=" + FIRST,
          "--shop.page-port=" + (FIRST + 3),
          "--spring.datasource.url=" + DATABASE,
          "--spring.datasource.username=sa",
          "--invalidation.max-staleness=60s"); // so that a slow machine clears nothing

  private static ChromeDriver browser;

  @BeforeAll
  static void open(@TempDir Path profile) throws IOException {
    Path chromium = installed("browser", "/usr/bin/chromium");
    Path driver = installed("browser.driver", "/usr/bin/chromedriver");
    Files.createDirectories(SCREENSHOTS);
    shop.open();
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        "--user-data-dir=" + profile);
    // With a driver named, Selenium does not look for one on the net.
    browser =
        new ChromeDriver(
            new ChromeDriverService.Builder().usingDriverExecutable(driver.toFile()).build(),
            options);
  }

  private static Path installed(String property, String usual) {
    Path program = Path.of(System.getProperty(property, usual));
    if (!Files.isExecutable(program)) {
      throw new IllegalStateException(
          "There is no "
              + program
              + ". Install it (apt-get install chromium chromium-driver), or name another with -D"
              + property
              + "=...");
    }
    return program;
  }

  @AfterAll
  static void close() {
    try {
      if (browser != null) {
        browser.quit();
      }
    } finally {
      shop.close();
    }
  }

  @BeforeEach
  void openThePage_withEveryNodeCoherent() {
    size(1360, 1150);
    emulate("light");
    browser.get(PAGE);
    awaitText("#stream", "Live");
    for (int node = 1; node <= 3; node++) {
      awaitState(node, "Coherent");
    }
  }

  @Test
  void everyButton_doesWhatItSays() throws IOException {
    choose("Moka Pot for 6 cups");
    press(1, "read");
    awaitSentence("Node 1 loaded Moka Pot for 6 cups at ");
    press(1, "read");
    awaitSentence("Node 1 answered from its own cache: ");
    press(2, "list");
    awaitSentence("Node 2 loaded the list of coffee");
    press(3, "price");
    awaitSentence("Node 3 committed ");
    awaitPromise("G2 After commit");
    press(2, "clear");
    awaitSentence("Node 2 cleared both caches, on all nodes. Evicted on ");
    press(1, "race");
    awaitSentence("but the old value was not cached.");
    awaitPromise("G1 No resurrection");

    press(3, "stop");
    awaitState(3, "Stopped");
    assertThat(button(3, "read").isEnabled()).isFalse();
    press(3, "start");
    awaitState(3, "Coherent");

    press(1, "clear"); // else each node is suspecting until its caches are cleared
    awaitSentence("Node 1 cleared both caches");
    find("#redis-switch").click();
    awaitText("#redis-state", "stopped");
    awaitState(1, "Cut off");
    press(1, "price");
    awaitSentence("It cannot reach Redis, so it keeps the invalidation.");
    awaitPromise("G5 No lost write");
    for (String scheme : List.of("light", "dark")) {
      emulate(scheme);
      assertThat(violations()).as("violations in %s without Redis", scheme).isEmpty();
    }
    find("#redis-switch").click();
    awaitText("#redis-state", "carries messages, no values");
    for (int node = 1; node <= 3; node++) {
      awaitState(node, "Coherent");
    }

    find("#load").click();
    awaitText("#load", "Stop the load");
    awaitText("#median", "from commit to eviction");
    find("#load").click();
    awaitText("#load", "Start a small load");
  }

  /** Change a price; cut a node off; change it again; see its bound; reconnect; see the replay. */
  @Test
  void nodeThatIsCutOff_staysWithinItsBound_andReplaysWithoutAClear() throws IOException {
    choose("Burr Hand Grinder");
    for (int node = 1; node <= 3; node++) {
      press(node, "read");
      awaitHeld(node, "Burr Hand Grinder", "yes");
    }
    press(2, "list");
    awaitHeld(2, "List of coffee", "yes");
    press(1, "price");
    awaitSentence("Evicted on node 2 after ");
    awaitHeld(2, "Burr Hand Grinder", "no");
    press(2, "read");
    awaitHeld(2, "Burr Hand Grinder", "yes");
    int cleared = cleared(2);

    press(2, "cut");
    awaitSentence("Node 2 is cut off from Redis.");
    press(1, "price");
    awaitSentence("Not yet: node 2, which may serve old prices for 60 s at most.");
    awaitPromise("G4 Bounded staleness");
    awaitHeld(2, "Burr Hand Grinder", "old");
    awaitState(2, "Cut off");
    awaitText("#node-2 .confirmed", "clears at 30 to 60 s");
    screenshot("cut-off");

    press(2, "connect");
    awaitState(2, "Coherent");
    awaitHeld(2, "Burr Hand Grinder", "no");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(find(".said").getText() + find("#story").getText())
                    .contains("evicted only what they name, and cleared nothing."));
    assertThat(cleared(2)).isEqualTo(cleared);
    assertThat(find("#travels").getText()).contains("by replay");
  }

  @Test
  void nameOfAProduct_isShownAsText() throws SQLException {
    String name = "<img src=x onerror=\"document.title='hacked'\"><u>Ethiopia</u>";
    rename(4, name);
    try {
      awaitText("#node-1 tbody", name);
      choose(name);
      press(1, "read");
      awaitSentence("Node 1 loaded " + name);

      assertThat(browser.findElements(By.cssSelector("main img, main u"))).isEmpty();
      assertThat(browser.getTitle()).isEqualTo("Cache invalidation, live");
    } finally {
      rename(4, "Ethiopia Yirgacheffe 250 g");
    }
  }

  @Test
  void lostStream_comesBackByItself() {
    int first = FreePorts.firstOf(2);
    String[] args = {"--shop.nodes=1", "--server.port=" + first, "--shop.page-port=" + (first + 1)};
    Shop restarted = Shop.configure(args);
    restarted.open();
    try {
      browser.get("http://localhost:" + (first + 1) + "/");
      awaitText("#stream", "Live");
      browser.executeScript("window.card = document.getElementById('node-1')");
      restarted.close();
      awaitText("#stream", "Reconnecting");
      restarted = Shop.configure(args);
      restarted.open();

      awaitText("#stream", "Live");
      awaitState(1, "Coherent");
      assertThat(browser.executeScript("return window.card === document.getElementById('node-1')"))
          .as("the card is the same element, so nothing flickers")
          .isEqualTo(true);
    } finally {
      restarted.close();
    }
  }

  @Test
  void keyboard_reachesEveryButton_andPressesIt() {
    List<WebElement> enabled = browser.findElements(By.cssSelector("button:enabled, select"));
    browser.executeScript("document.activeElement.blur()");
    List<WebElement> reached = new ArrayList<>();
    for (int tab = 0; tab < enabled.size(); tab++) {
      new Actions(browser).sendKeys(Keys.TAB).perform();
      reached.add(browser.switchTo().activeElement());
    }

    assertThat(reached).containsExactlyElementsOf(enabled);
    browser.executeScript("arguments[0].focus()", button(2, "read"));
    new Actions(browser).sendKeys(Keys.ENTER).perform();
    awaitSentence("Node 2 ");
  }

  @Test
  void motion_isLeftOutForVisitorsWhoDoNotWantIt() {
    browser.executeScript(
        """
        window.motions = 0;
        const animate = Element.prototype.animate;
        Element.prototype.animate = function (...motion) {
          window.motions++;
          return animate.apply(this, motion);
        };
        """);
    press(1, "price");
    awaitSentence("Node 1 committed ");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(motions()).as("motions: from node 1, to two").isEqualTo(3));
    emulate("light", "reduce");
    press(2, "price");
    awaitSentence("Node 2 committed ");

    assertThat(motions()).as("with reduced motion").isEqualTo(3);
  }

  private static long motions() {
    return ((Number) browser.executeScript("return window.motions")).longValue();
  }

  @Test
  void page_hasNoViolationOfAccessibilityRules() throws IOException {
    for (String scheme : List.of("light", "dark")) {
      emulate(scheme);
      assertThat(violations()).as("violations in %s", scheme).isEmpty();
    }
    size(390, 844);
    assertThat(violations()).as("violations in a narrow window").isEmpty();
  }

  @Test
  void page_fitsItsWindow_inEveryScheme() throws IOException {
    choose("Burr Hand Grinder");
    for (int node = 1; node <= 3; node++) {
      press(node, "read");
      press(node, "list");
      awaitHeld(node, "List of coffee", "yes");
    }
    press(1, "price");
    awaitSentence("Evicted on node 2 after ");
    screenshot("wide-light");
    emulate("dark");
    screenshot("wide-dark");
    size(390, 844);
    screenshot("narrow-dark");
    emulate("light");
    screenshot("narrow-light");
    assertThat(
            browser.executeScript(
                "return document.documentElement.scrollWidth <= window.innerWidth"))
        .as("no horizontal scrolling in a narrow window")
        .isEqualTo(true);
  }

  /** The rules of axe-core, from its file in the class path. */
  private static List<String> violations() throws IOException {
    try (InputStream axe = PageBrowserTest.class.getResourceAsStream("/axe.min.js")) {
      assertThat(axe).as("axe-core").isNotNull();
      browser.executeScript(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
    }
    Object found =
        browser.executeAsyncScript(
            """
            const done = arguments[arguments.length - 1];
            axe.run().then(
              (result) => done(result.violations.flatMap((rule) =>
                rule.nodes.map((node) => rule.id + ": " + node.target + ": " + node.failureSummary))),
              (failure) => done(["axe failed: " + failure]));
            """);
    return ((List<?>) found).stream().map(String::valueOf).toList();
  }

  private static void rename(long product, String name) throws SQLException {
    try (Connection connection = DriverManager.getConnection(DATABASE, "sa", "");
        PreparedStatement update =
            connection.prepareStatement("UPDATE product SET name = ? WHERE id = ?")) {
      update.setString(1, name);
      update.setLong(2, product);
      update.executeUpdate();
    }
  }

  private static void size(int width, int height) {
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  private static void emulate(String scheme) {
    emulate(scheme, "no-preference");
  }

  private static void emulate(String scheme, String motion) {
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", scheme),
                Map.of("name", "prefers-reduced-motion", "value", motion))));
  }

  /** Takes the whole page, once nothing travels any more. */
  private static void screenshot(String name) throws IOException {
    await()
        .atMost(PATIENCE)
        .until(() -> browser.findElements(By.cssSelector(".traveller")).isEmpty());
    String shot =
        String.valueOf(
            browser
                .executeCdpCommand(
                    "Page.captureScreenshot",
                    Map.of("format", "png", "captureBeyondViewport", true))
                .get("data"));
    Files.write(SCREENSHOTS.resolve(name + ".png"), OutputType.BYTES.convertFromBase64Png(shot));
  }

  private static void choose(String product) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                browser.findElements(By.cssSelector("#product option")).stream()
                        .filter(option -> option.getText().equals(product))
                        .peek(WebElement::click)
                        .count()
                    == 1);
  }

  private static void press(int node, String action) {
    await().atMost(PATIENCE).until(() -> button(node, action).isEnabled());
    button(node, action).click();
  }

  private static WebElement button(int node, String action) {
    return find("#node-" + node + " button[data-action=" + action + "]");
  }

  private static WebElement find(String selector) {
    return browser.findElement(By.cssSelector(selector));
  }

  private static void awaitSentence(String part) {
    awaitText("#sentence", part);
  }

  private static void awaitPromise(String promise) {
    awaitText("#promise", promise);
  }

  private static void awaitState(int node, String state) {
    awaitText("#node-" + node + " .state", state);
  }

  private static void awaitText(String selector, String part) {
    await()
        .atMost(PATIENCE)
        .ignoreException(NoSuchElementException.class)
        .untilAsserted(() -> assertThat(find(selector).getText()).contains(part));
  }

  /** Waits until a row of a node shows its entry: yes, no, or old. */
  private static void awaitHeld(int node, String row, String held) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                browser.findElements(By.cssSelector("#node-" + node + " tbody tr")).stream()
                    .filter(line -> line.findElement(By.tagName("th")).getText().equals(row))
                    .anyMatch(line -> held.equals(line.getDomAttribute("data-held"))));
  }

  private static int cleared(int node) {
    Matcher cleared = CLEARED.matcher(find("#node-" + node + " .counts").getText());
    assertThat(cleared.find()).isTrue();
    return Integer.parseInt(cleared.group(1));
  }
}

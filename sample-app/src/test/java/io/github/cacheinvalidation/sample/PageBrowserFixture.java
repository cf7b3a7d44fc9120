package io.github.cacheinvalidation.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** A browser that shows the page of a shop, and what a visitor does and sees there. */
abstract class PageBrowserFixture {

  private static final int FIRST = FreePorts.firstOf(4);
  private static final String PAGE = "http://localhost:" + (FIRST + 3) + "/";
  static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  static final String DATABASE =
      "jdbc:h2:mem:page-" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE";

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

  static ChromeDriver browser() {
    return browser;
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

  /** The rules of axe-core, from its file in the class path. */
  static List<String> violations() throws IOException {
    try (InputStream axe = PageBrowserFixture.class.getResourceAsStream("/axe.min.js")) {
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

  static void size(int width, int height) {
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  static void emulate(String scheme) {
    emulate(scheme, "no-preference");
  }

  static void emulate(String scheme, String motion) {
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", scheme),
                Map.of("name", "prefers-reduced-motion", "value", motion))));
  }

  /** Takes the whole page, once nothing travels any more. */
  static void screenshot(String name) throws IOException {
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

  static void choose(String product) {
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

  static void press(int node, String action) {
    await().atMost(PATIENCE).until(() -> button(node, action).isEnabled());
    button(node, action).click();
  }

  static WebElement button(int node, String action) {
    return find("#node-" + node + " button[data-action=" + action + "]");
  }

  static WebElement find(String selector) {
    return browser.findElement(By.cssSelector(selector));
  }

  static void awaitSentence(String part) {
    awaitText("#sentence", part);
  }

  static void awaitPromise(String promise) {
    awaitText("#promise", promise);
  }

  static void awaitState(int node, String state) {
    awaitText("#node-" + node + " .state", state);
  }

  static void awaitText(String selector, String part) {
    await()
        .atMost(PATIENCE)
        .ignoreException(NoSuchElementException.class)
        .untilAsserted(() -> assertThat(find(selector).getText()).contains(part));
  }

  /** Waits until a row of a node shows its entry: yes, no, or old. */
  static void awaitHeld(int node, String row, String held) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                browser.findElements(By.cssSelector("#node-" + node + " tbody tr")).stream()
                    .filter(line -> line.findElement(By.tagName("th")).getText().equals(row))
                    .anyMatch(line -> held.equals(line.getDomAttribute("data-held"))));
  }
}

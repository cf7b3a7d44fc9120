package io.github.cacheinvalidation.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/**
 * The page in a real browser, as a visitor uses it. Needs Chromium and its driver, as Debian's
 * packages {@code chromium} and {@code chromium-driver} install them; other places are named by the
 * system properties {@code browser} and {@code browser.driver}. Leaves screenshots below {@code
 * target/screenshots}.
 */
@Tag("browser")
class PageBrowserTest extends PageBrowserFixture {

  private static final Pattern CLEARED = Pattern.compile("Cleared\\s+(\\d+)");

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

      assertThat(browser().findElements(By.cssSelector("main img, main u"))).isEmpty();
      assertThat(browser().getTitle()).isEqualTo("Cache invalidation, live");
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
      browser().get("http://localhost:" + (first + 1) + "/");
      awaitText("#stream", "Live");
      browser().executeScript("window.card = document.getElementById('node-1')");
      restarted.close();
      awaitText("#stream", "Reconnecting");
      restarted = Shop.configure(args);
      restarted.open();

      awaitText("#stream", "Live");
      awaitState(1, "Coherent");
      assertThat(
              browser().executeScript("return window.card === document.getElementById('node-1')"))
          .as("the card is the same element, so nothing flickers")
          .isEqualTo(true);
    } finally {
      restarted.close();
    }
  }

  @Test
  void keyboard_reachesEveryButton_andPressesIt() {
    List<WebElement> enabled = browser().findElements(By.cssSelector("button:enabled, select"));
    browser().executeScript("document.activeElement.blur()");
    List<WebElement> reached = new ArrayList<>();
    for (int tab = 0; tab < enabled.size(); tab++) {
      new Actions(browser()).sendKeys(Keys.TAB).perform();
      reached.add(browser().switchTo().activeElement());
    }

    assertThat(reached).containsExactlyElementsOf(enabled);
    browser().executeScript("arguments[0].focus()", button(2, "read"));
    new Actions(browser()).sendKeys(Keys.ENTER).perform();
    awaitSentence("Node 2 ");
  }

  @Test
  void motion_isLeftOutForVisitorsWhoDoNotWantIt() {
    browser()
        .executeScript(
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
    return ((Number) browser().executeScript("return window.motions")).longValue();
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
            browser()
                .executeScript("return document.documentElement.scrollWidth <= window.innerWidth"))
        .as("no horizontal scrolling in a narrow window")
        .isEqualTo(true);
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

  private static int cleared(int node) {
    Matcher cleared = CLEARED.matcher(find("#node-" + node + " .counts").getText());
    assertThat(cleared.find()).isTrue();
    return Integer.parseInt(cleared.group(1));
  }
}

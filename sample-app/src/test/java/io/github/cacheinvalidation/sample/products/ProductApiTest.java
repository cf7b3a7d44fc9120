package io.github.cacheinvalidation.sample.products;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.cache.CacheManager;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

/** One node alone, without Redis. */
@SpringBootTest(
    classes = ShopNode.class,
    properties = {
      "invalidation.node-name=node-alone",
      "invalidation.transport=local",
      "spring.datasource.url=jdbc:h2:mem:api;DB_CLOSE_DELAY=-1"
    })
@AutoConfigureMockMvc
class ProductApiTest {

  @Autowired private MockMvcTester http;
  @Autowired private CacheManager caches;
  @Autowired private ProductTable table;
  @Autowired private JdbcClient jdbc;

  @BeforeEach
  void twoGrindersAndEmptyCaches() {
    jdbc.sql("DELETE FROM product").update();
    table.insert(new Product(7, "Grinder", "coffee", new BigDecimal("64.50")));
    table.insert(new Product(8, "Dripper", "coffee", new BigDecimal("14.90")));
    caches.getCacheNames().forEach(name -> requireNonNull(caches.getCache(name)).clear());
  }

  @Test
  void product_isReadFromTheDatabaseOnce() {
    assertProduct(get("/products/7"), "64.50", "database");
    assertProduct(get("/products/7"), "64.50", "cache");
  }

  @Test
  void product_isAnsweredWithExactlyTheDocumentedFields() {
    assertThat(get("/products/7"))
        .hasStatusOk()
        .bodyJson()
        .isStrictlyEqualTo(
            "{\"id\":7,\"name\":\"Grinder\",\"price\":64.50,"
                + "\"node\":\"node-alone\",\"source\":\"database\"}");
  }

  @Test
  void category_isReadFromTheDatabaseOnce() {
    for (String source : new String[] {"database", "cache"}) {
      assertThat(get("/products?category=coffee"))
          .hasStatusOk()
          .bodyJson()
          .isStrictlyEqualTo(
              "{\"category\":\"coffee\",\"products\":["
                  + "{\"id\":7,\"name\":\"Grinder\",\"price\":64.50},"
                  + "{\"id\":8,\"name\":\"Dripper\",\"price\":14.90}],"
                  + "\"node\":\"node-alone\",\"source\":\""
                  + source
                  + "\"}");
    }
  }

  @Test
  void unknownCategory_isAnEmptyListThatIsNotCached() {
    for (int i = 0; i < 2; i++) {
      assertThat(get("/products?category=boats"))
          .hasStatusOk()
          .bodyJson()
          .hasPathSatisfying("$.products", list -> list.assertThat().asArray().isEmpty())
          .hasPathSatisfying("$.source", source -> source.assertThat().isEqualTo("database"));
    }
  }

  @Test
  void newPrice_isReadFromTheDatabaseByTheNextRequests() {
    get("/products/7");
    get("/products/8");
    get("/products?category=coffee");

    assertProduct(put("/products/7", "{\"price\": 59.9}"), "59.90", "database");

    assertProduct(get("/products/7"), "59.90", "database");
    assertProduct(get("/products/7"), "59.90", "cache");
    assertThat(get("/products?category=coffee"))
        .bodyText()
        .contains("59.90")
        .contains("\"source\":\"database\"");
    assertThat(get("/products/8")).bodyText().contains("\"source\":\"cache\"");
  }

  @Test
  void deletedProduct_isGoneFromEveryCache() {
    get("/products/7");
    get("/products?category=coffee");

    assertThat(http.delete().uri("/products/7")).hasStatus(HttpStatus.NO_CONTENT).body().isEmpty();

    assertProblem(get("/products/7"), HttpStatus.NOT_FOUND, "There is no product 7.");
    assertThat(get("/products?category=coffee"))
        .bodyJson()
        .hasPathSatisfying("$.products.length()", n -> n.assertThat().isEqualTo(1));
  }

  @Test
  void unknownProduct_isNotFoundAndNotCached() {
    assertProblem(get("/products/99"), HttpStatus.NOT_FOUND, "There is no product 99.");
    assertProblem(
        put("/products/99", "{\"price\": 1}"), HttpStatus.NOT_FOUND, "There is no product 99.");
    assertProblem(
        http.delete().uri("/products/99").exchange(),
        HttpStatus.NOT_FOUND,
        "There is no product 99.");

    table.insert(new Product(99, "Kettle", "tea", new BigDecimal("39.00")));
    assertThat(get("/products/99")).hasStatusOk();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 'price' is missing",
        "{\"price\": null} | 'price' is missing",
        "{\"price\": -0.01} | 'price' must be between 0 and 99999999.99.",
        "{\"price\": 100000000} | 'price' must be between 0 and 99999999.99.",
        "{\"price\": 1e999999999} | 'price' must be between 0 and 99999999.99.",
        "{\"price\": 1.234} | 'price' must have at most two decimals.",
        "{\"price\": 1e-999999999} | 'price' must have at most two decimals.",
        "{\"price\": \"dear\"} | Failed to read request",
        "{\"price\": | Failed to read request",
        "[] | Failed to read request",
        "null | Failed to read request"
      },
      quoteCharacter = '~')
  void badPrice_isRefusedAndChangesNothing(String body, String detail) {
    get("/products/7");

    assertProblem(put("/products/7", body), HttpStatus.BAD_REQUEST, detail);

    assertProduct(get("/products/7"), "64.50", "cache");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0.00", "99999999.99", "12.340", "1e3"})
  void priceAtTheEdge_isAccepted(String price) {
    assertThat(put("/products/7", "{\"price\": " + price + "}")).hasStatusOk();

    assertThat(table.find(7).orElseThrow().price()).isEqualByComparingTo(price);
  }

  @Test
  void idThatIsNoNumber_isRefused() {
    assertProblem(get("/products/seven"), HttpStatus.BAD_REQUEST, "seven");
    assertProblem(get("/products/99999999999999999999"), HttpStatus.BAD_REQUEST, "9999");
  }

  @Test
  void missingCategory_isRefused() {
    assertProblem(get("/products"), HttpStatus.BAD_REQUEST, "'category'");
  }

  @Test
  void otherRequests_areRefusedAsProblems() {
    assertProblem(http.post().uri("/products/7").exchange(), HttpStatus.METHOD_NOT_ALLOWED, "POST");
    assertProblem(
        http.put().uri("/products/7").contentType(MediaType.TEXT_PLAIN).content("1").exchange(),
        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
        "text/plain");
    assertProblem(get("/boats"), HttpStatus.NOT_FOUND, "boats");
  }

  @Test
  void failingDatabase_isAProblemThatTellsNothingOfIt() {
    jdbc.sql("ALTER TABLE product RENAME TO hidden").update();
    try {
      assertProblem(get("/products/7"), HttpStatus.INTERNAL_SERVER_ERROR, "The request failed");
    } finally {
      jdbc.sql("ALTER TABLE hidden RENAME TO product").update();
    }
  }

  @Test
  void actuator_showsTheCaches() {
    assertThat(get("/actuator/caches"))
        .hasStatusOk()
        .bodyText()
        .contains("\"products\"")
        .contains("\"products-by-category\"");
    assertThat(get("/actuator/metrics/cache.gets")).hasStatusOk();
  }

  private MvcTestResult get(String uri) {
    return http.get().uri(uri).exchange();
  }

  private MvcTestResult put(String uri, String body) {
    return http.put().uri(uri).contentType(MediaType.APPLICATION_JSON).content(body).exchange();
  }

  private static void assertProduct(MvcTestResult result, String price, String source) {
    assertThat(result)
        .hasStatusOk()
        .bodyText()
        .contains("\"price\":" + price + ",")
        .contains("\"source\":\"" + source + "\"");
  }

  private static void assertProblem(MvcTestResult result, HttpStatus status, String detail) {
    assertThat(result).hasStatus(status).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
    assertThat(result)
        .bodyJson()
        .hasPathSatisfying("$.status", s -> s.assertThat().isEqualTo(status.value()))
        .hasPathSatisfying("$.detail", d -> d.assertThat().asString().contains(detail));
  }
}

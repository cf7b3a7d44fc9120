package io.github.cacheinvalidation.sample.products;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProductCsvTest {

  @Test
  void lines_becomeProductsInTheirOrder() throws IOException {
    assertThat(read("7,Grinder,coffee,64.5", "", " 3 , Whisk , kitchen , 7.90 "))
        .containsExactly(
            new Product(7, "Grinder", "coffee", new BigDecimal("64.50")),
            new Product(3, "Whisk", "kitchen", new BigDecimal("7.90")));
  }

  @Test
  void headerAlone_isNoProduct() throws IOException {
    assertThat(read()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x,Grinder,coffee,64.50",
        "7,Grinder,coffee",
        "7,Grinder, with a comma,coffee,64.50",
        "7,,coffee,64.50",
        "7,Grinder, ,64.50",
        "7,Grinder,coffee,cheap",
        "7,Grinder,coffee,-1",
        "7,Grinder,coffee,1.234"
      })
  void lineThatIsNoProduct_isNamed(String line) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read("1,Whisk,kitchen,7.90", line))
        .withMessage("Line 3 is not a product: " + line);
  }

  @Test
  void repeatedId_isNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read("1,Whisk,kitchen,7.90", "1,Pot,kitchen,52.00"))
        .withMessage("Line 3 repeats the id 1");
  }

  @Test
  void missingHeader_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProductCsv.read(new StringReader("1,Whisk,kitchen,7.90")))
        .withMessageContaining("must be the header 'id,name,category,price'");
    assertThatIllegalArgumentException().isThrownBy(() -> ProductCsv.read(new StringReader("")));
  }

  private static List<Product> read(String... lines) throws IOException {
    return ProductCsv.read(
        new StringReader("id,name,category,price\n" + String.join("\n", lines) + "\n"));
  }
}

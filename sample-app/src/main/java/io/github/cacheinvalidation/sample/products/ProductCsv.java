package io.github.cacheinvalidation.sample.products;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads products from lines of {@code id,name,category,price} below a header. There are no quotes,
 * so a field must not contain a comma. Blank lines are skipped.
 */
final class ProductCsv {

  private static final String HEADER = "id,name,category,price";

  private ProductCsv() {}

  /**
   * Returns the products in the order of their lines.
   *
   * @throws IllegalArgumentException if the header is wrong, or a line is not a product or repeats
   *     an id; the message names the line
   */
  static List<Product> read(Reader csv) throws IOException {
    BufferedReader lines = new BufferedReader(csv);
    String header = lines.readLine();
    if (!HEADER.equals(header)) {
      throw new IllegalArgumentException(
          "Line 1 must be the header '" + HEADER + "', but is '" + header + "'.");
    }
    List<Product> products = new ArrayList<>();
    Set<Long> ids = new HashSet<>();
    int number = 1;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      Product product = product(line, number);
      if (!ids.add(product.id())) {
        throw new IllegalArgumentException("Line " + number + " repeats the id " + product.id());
      }
      products.add(product);
    }
    return List.copyOf(products);
  }

  private static Product product(String line, int number) {
    String[] fields = line.split(",", -1);
    try {
      if (fields.length != 4 || fields[1].isBlank() || fields[2].isBlank()) {
        throw new IllegalArgumentException("expected " + HEADER);
      }
      BigDecimal price = new PriceChange(new BigDecimal(fields[3].strip())).validPrice();
      return new Product(
          Long.parseLong(fields[0].strip()), fields[1].strip(), fields[2].strip(), price);
    } catch (IllegalArgumentException | BadPriceException e) {
      throw new IllegalArgumentException("Line " + number + " is not a product: " + line, e);
    }
  }
}

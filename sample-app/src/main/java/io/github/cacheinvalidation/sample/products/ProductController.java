package io.github.cacheinvalidation.sample.products;

import java.math.BigDecimal;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * The HTTP interface of the shop. Every answer with a body names the node that gave it, and whether
 * the data came from the cache or the database. With {@code pause=1000} a load of a product takes a
 * second longer, so that a write can overtake it.
 */
@RestController
@RequestMapping("/products")
class ProductController {

  private final ProductCatalog catalog;
  private final String node;

  ProductController(ProductCatalog catalog, @Value("${invalidation.node-name}") String node) {
    this.catalog = catalog;
    this.node = node;
  }

  @GetMapping("/{id}")
  ProductAnswer product(@PathVariable long id, @RequestParam(defaultValue = "0") int pause) {
    Source source = new Source(pause);
    return answer(catalog.product(id, source), source);
  }

  @GetMapping
  CategoryAnswer category(@RequestParam String category) {
    Source source = new Source();
    List<Item> items =
        catalog.productsOf(category, source).stream()
            .map(product -> new Item(product.id(), product.name(), product.price()))
            .toList();
    return new CategoryAnswer(category, items, node, source.toString());
  }

  @PutMapping("/{id}")
  ProductAnswer changePrice(@PathVariable long id, @RequestBody PriceChange change) {
    Source source = new Source();
    source.readDatabase();
    return answer(catalog.changePrice(id, change.validPrice()), source);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable long id) {
    catalog.delete(id);
  }

  private ProductAnswer answer(Product product, Source source) {
    return new ProductAnswer(
        product.id(), product.name(), product.price(), node, source.toString());
  }

  record ProductAnswer(long id, String name, BigDecimal price, String node, String source) {}

  record CategoryAnswer(String category, List<Item> products, String node, String source) {}

  record Item(long id, String name, BigDecimal price) {}
}

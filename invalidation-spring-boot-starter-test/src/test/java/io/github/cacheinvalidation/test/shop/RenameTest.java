package io.github.cacheinvalidation.test.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.test.RecordInvalidations;
import io.github.cacheinvalidation.test.RecordedInvalidations;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

@SpringBootTest
@RecordInvalidations
class RenameTest {

  @Autowired Products products;

  @Autowired RecordedInvalidations invalidations;

  @Test
  void rename_evictsTheProduct() {
    products.rename(7, "new");

    assertThat(invalidations).hasEvicted("products", 7L);
  }

  @Test
  void read_invalidatesNothing() {
    products.name(7);

    assertThat(invalidations).isEmpty();
  }
}

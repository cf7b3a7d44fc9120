package io.github.cacheinvalidation.test.slices;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

/** A book. */
@Entity
class Book {

  @Id private @Nullable Long id;

  private @Nullable String title;

  protected Book() {}

  Book(Long id, String title) {
    this.id = id;
    this.title = title;
  }

  @Nullable Long id() {
    return id;
  }

  @Nullable String title() {
    return title;
  }
}

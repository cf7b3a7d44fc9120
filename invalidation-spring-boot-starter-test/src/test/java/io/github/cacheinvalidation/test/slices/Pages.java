package io.github.cacheinvalidation.test.slices;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** The books in the web. */
@RestController
class Pages {

  private final Titles titles;

  Pages(Titles titles) {
    this.titles = titles;
  }

  @GetMapping("/books/{id}")
  View book(@PathVariable long id) {
    return new View(id, titles.title(id));
  }

  /** A book as the web shows it. */
  record View(long id, String title) {}
}

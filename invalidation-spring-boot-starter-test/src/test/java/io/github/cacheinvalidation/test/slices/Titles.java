package io.github.cacheinvalidation.test.slices;

import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

/** The titles of the books. */
@Service
class Titles {

  private final Books books;

  Titles(Books books) {
    this.books = books;
  }

  @Cacheable("titles")
  public String title(long id) {
    return String.valueOf(books.findById(id).orElseThrow().title());
  }

  @CacheEvict(cacheNames = "titles", key = "#id")
  public void retitle(long id, String title) {
    books.save(new Book(id, title));
  }
}

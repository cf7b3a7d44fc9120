package com.example.library;

import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

interface BookRepository extends JpaRepository<Book, Long> {

  /** Selects a column, so Hibernate does not read its second-level cache. */
  @Query("select b.title from Book b where b.id = ?1")
  String titleOf(long id);
}

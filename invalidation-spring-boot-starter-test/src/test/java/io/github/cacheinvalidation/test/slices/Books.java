package io.github.cacheinvalidation.test.slices;

import org.springframework.data.jpa.repository.JpaRepository;

/** The table of the books. */
interface Books extends JpaRepository<Book, Long> {}

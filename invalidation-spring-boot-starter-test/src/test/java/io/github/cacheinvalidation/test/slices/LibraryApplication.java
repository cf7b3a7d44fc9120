package io.github.cacheinvalidation.test.slices;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** An application as it was before it had the starter. */
@SpringBootApplication
class LibraryApplication {}

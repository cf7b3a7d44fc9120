package io.github.cacheinvalidation.autoconfigure.architecture;

import io.github.cacheinvalidation.architecture.SourceTreeContract;

class StarterSourceTreeTest extends SourceTreeContract {

  StarterSourceTreeTest() {
    super("invalidation-spring-boot-starter");
  }
}

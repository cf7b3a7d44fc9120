package io.github.cacheinvalidation.autoconfigure.architecture;

import io.github.cacheinvalidation.architecture.PublicApiContract;

class StarterPublicApiTest extends PublicApiContract {

  StarterPublicApiTest() {
    super("invalidation-spring-boot-starter");
  }
}

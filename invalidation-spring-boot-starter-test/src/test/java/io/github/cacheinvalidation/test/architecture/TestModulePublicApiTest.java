package io.github.cacheinvalidation.test.architecture;

import io.github.cacheinvalidation.architecture.PublicApiContract;

class TestModulePublicApiTest extends PublicApiContract {

  TestModulePublicApiTest() {
    super("invalidation-spring-boot-starter-test");
  }
}

package io.github.cacheinvalidation.test.architecture;

import io.github.cacheinvalidation.architecture.SourceTreeContract;

class TestModuleSourceTreeTest extends SourceTreeContract {

  TestModuleSourceTreeTest() {
    super("invalidation-spring-boot-starter-test");
  }
}

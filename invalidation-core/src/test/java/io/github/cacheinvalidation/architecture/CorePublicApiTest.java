package io.github.cacheinvalidation.architecture;

class CorePublicApiTest extends PublicApiContract {

  CorePublicApiTest() {
    super("invalidation-core");
  }
}

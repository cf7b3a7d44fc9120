package io.github.cacheinvalidation.architecture;

class CoreSourceTreeTest extends SourceTreeContract {

  CoreSourceTreeTest() {
    super("invalidation-core");
  }
}

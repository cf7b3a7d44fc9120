package io.github.cacheinvalidation.servers;

import io.github.cacheinvalidation.testing.ServerProgram;

/** The combinations of Valkey 8.1. */
class Valkey81Test extends ServersContract {

  Valkey81Test() {
    super(ServerProgram.VALKEY_8_1);
  }
}

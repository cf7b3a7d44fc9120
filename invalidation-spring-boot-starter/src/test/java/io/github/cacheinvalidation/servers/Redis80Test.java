package io.github.cacheinvalidation.servers;

import io.github.cacheinvalidation.testing.ServerProgram;

/** The combinations of Redis 8.0. */
class Redis80Test extends ServersContract {

  Redis80Test() {
    super(ServerProgram.REDIS_8_0);
  }
}

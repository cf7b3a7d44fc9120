package io.github.cacheinvalidation.servers;

import io.github.cacheinvalidation.testing.ServerProgram;

/** The combinations of Redis 7.0. */
class Redis70Test extends ServersContract {

  Redis70Test() {
    super(ServerProgram.REDIS_7_0);
  }
}

package io.github.cacheinvalidation.servers;

import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.testing.ServerProgram;
import org.junit.jupiter.api.Test;

/** The combinations of Redis 6.2, which has no sharded Pub/Sub. */
class Redis62Test extends ServersContract {

  Redis62Test() {
    super(ServerProgram.REDIS_6_2);
  }

  @Test
  void shardedPubSub_isRefusedWithTheRemedy() {
    application()
        .withPropertyValues(
            "invalidation.transport=sharded-pubsub",
            "spring.data.redis.host=" + shared().redis().host(),
            "spring.data.redis.port=" + shared().redis().port())
        .run(
            node ->
                await()
                    .atMost(Fleet.PATIENCE)
                    .until(
                        () ->
                            String.valueOf(Fleet.observer(node).lastLoss())
                                .contains("Sharded Pub/Sub needs Redis 7 or Valkey")));
  }
}

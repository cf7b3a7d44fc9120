package io.github.cacheinvalidation.internal.channel.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server means by an error, and whether another server might answer better. */
class ServerErrorKindTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          NOPERM this user has no permissions to run the 'xadd' command              | RIGHTS
          NOAUTH Authentication required.                                            | CREDENTIALS
          OOM command not allowed when used memory > 'maxmemory'.                    | MEMORY
          MISCONF Redis is configured to save RDB snapshots, but it's unable to      | SAVING
          WRONGTYPE Operation against a key holding the wrong kind of value          | TYPE
          ERR unknown command 'SSUBSCRIBE', with args beginning with:                | SHARDED
          READONLY You can't write against a read only replica.                      | REPLICA
          MASTERDOWN Link with MASTER is down and replica-serve-stale-data is 'no'.  | REPLICA
          NOREPLICAS Not enough good replicas to write.                              | TOO_FEW_REPLICAS
          LOADING Redis is loading the dataset in memory                             | LOADING
          CLUSTERDOWN The cluster is down                                            | CLUSTER_DOWN
          ERR Error running script: @user_script:9: -READONLY You can't write against| REPLICA
          ERR Error running script: @user_script:9: -NOREPLICAS Not enough good      | TOO_FEW_REPLICAS
          ERR syntax error                                                           | OTHER
          """)
  void answer_isOfOneKind(String answer, ServerErrorKind kind) {
    assertThat(ServerErrorKind.of(answer)).isEqualTo(kind);
  }

  @Test
  void kindsThatDependOnTheServer_needAnotherConnection() {
    assertThat(ServerErrorKind.values())
        .filteredOn(ServerErrorKind::isOfWrongServer)
        .containsExactlyInAnyOrder(
            ServerErrorKind.REPLICA,
            ServerErrorKind.TOO_FEW_REPLICAS,
            ServerErrorKind.LOADING,
            ServerErrorKind.CLUSTER_DOWN);
  }
}

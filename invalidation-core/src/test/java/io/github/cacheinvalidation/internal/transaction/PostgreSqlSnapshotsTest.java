package io.github.cacheinvalidation.internal.transaction;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** On a real PostgreSQL. */
@Tag("databases")
@ParameterizedClass
@EnumSource
class PostgreSqlSnapshotsTest extends SnapshotsContract {

  PostgreSqlSnapshotsTest(Isolation isolation) {
    super(DatabaseServer.POSTGRESQL, isolation);
  }
}

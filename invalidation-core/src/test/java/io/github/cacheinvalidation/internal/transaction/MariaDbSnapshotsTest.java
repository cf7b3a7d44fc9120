package io.github.cacheinvalidation.internal.transaction;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** On a real MariaDB. */
@Tag("databases")
@ParameterizedClass
@EnumSource
class MariaDbSnapshotsTest extends SnapshotsContract {

  MariaDbSnapshotsTest(Isolation isolation) {
    super(DatabaseServer.MARIADB, isolation);
  }
}

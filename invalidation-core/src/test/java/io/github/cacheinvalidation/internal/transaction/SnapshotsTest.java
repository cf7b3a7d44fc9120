package io.github.cacheinvalidation.internal.transaction;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** On the H2 that every build has. */
@ParameterizedClass
@EnumSource
@Tag("G2")
class SnapshotsTest extends SnapshotsContract {

  SnapshotsTest(Isolation isolation) {
    super(DatabaseServer.H2, isolation);
  }
}

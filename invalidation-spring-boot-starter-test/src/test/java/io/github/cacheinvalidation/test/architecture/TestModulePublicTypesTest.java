package io.github.cacheinvalidation.test.architecture;

import static java.util.Map.entry;

import io.github.cacheinvalidation.architecture.PublicTypesContract;
import io.github.cacheinvalidation.test.CacheFleet;
import io.github.cacheinvalidation.test.EveryNodeAssert;
import io.github.cacheinvalidation.test.FleetNode;
import io.github.cacheinvalidation.test.InvalidationFleet;
import io.github.cacheinvalidation.test.RecordInvalidations;
import io.github.cacheinvalidation.test.RecordedInvalidations;
import io.github.cacheinvalidation.test.RecordedInvalidationsAssert;
import java.util.Map;

/** Each public type of the starter for tests, and why a test of an application needs it. */
class TestModulePublicTypesTest extends PublicTypesContract {

  private static final Map<Class<?>, String> REASONS =
      Map.ofEntries(
          entry(CacheFleet.class, "gives a Spring test several nodes"),
          entry(
              InvalidationFleet.class, "is the bean of the nodes, and starts them in other tests"),
          entry(FleetNode.class, "is one node, and the faults of its connection"),
          entry(EveryNodeAssert.class, "is an assertion about a value on every node"),
          entry(RecordInvalidations.class, "records what the application invalidates"),
          entry(RecordedInvalidations.class, "is the bean of that record"),
          entry(RecordedInvalidationsAssert.class, "is an assertion about that record"));

  TestModulePublicTypesTest() {
    super("invalidation-spring-boot-starter-test", REASONS);
  }
}

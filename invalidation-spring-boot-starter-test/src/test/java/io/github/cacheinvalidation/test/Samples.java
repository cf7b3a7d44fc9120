package io.github.cacheinvalidation.test;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Arrays;
import java.util.List;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.springframework.core.NestedExceptionUtils;

/** Runs test classes inside a test, one after the other, with their methods in order of names. */
final class Samples {

  private Samples() {}

  /** Runs test classes that have to pass. */
  static void pass(Class<?>... testClasses) {
    for (Throwable failure : failures(testClasses)) {
      throw new AssertionError("A sample failed: " + failure.getMessage(), failure);
    }
  }

  /** Runs a test class that has to fail; returns the message of the first cause. */
  static String failureOf(Class<?> testClass) {
    return failures(testClass).stream()
        .map(NestedExceptionUtils::getMostSpecificCause)
        .map(cause -> String.valueOf(cause.getMessage()))
        .findFirst()
        .orElseThrow(() -> new AssertionError(testClass + " passed"));
  }

  private static List<Throwable> failures(Class<?>... testClasses) {
    return EngineTestKit.engine("junit-jupiter")
        .selectors(
            Arrays.stream(testClasses)
                .map(testClass -> selectClass(testClass))
                .toArray(ClassSelector[]::new))
        .configurationParameter(
            "junit.jupiter.testmethod.order.default",
            "org.junit.jupiter.api.MethodOrderer$MethodName")
        .execute()
        .allEvents()
        .failed()
        .stream()
        .flatMap(event -> event.getPayload(TestExecutionResult.class).stream())
        .flatMap(result -> result.getThrowable().stream())
        .toList();
  }
}

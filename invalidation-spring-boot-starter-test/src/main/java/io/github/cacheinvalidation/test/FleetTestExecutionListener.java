package io.github.cacheinvalidation.test;

import java.lang.annotation.Annotation;
import java.util.stream.Stream;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.TestExecutionListener;

/**
 * Keeps test methods apart: each begins with an empty record and a fleet without faults. Leaves
 * tests without the annotations of this module alone.
 */
final class FleetTestExecutionListener implements TestExecutionListener, Ordered {

  /** Before the listener for transactions, so that it acts after the end of a transaction. */
  private static final int ORDER = 3900;

  @Override
  public int getOrder() {
    return ORDER;
  }

  @Override
  public void beforeTestExecution(TestContext test) {
    if (has(test, RecordInvalidations.class)) {
      contexts(test).forEach(context -> context.getBean(RecordedInvalidations.class).clear());
    }
  }

  @Override
  public void afterTestMethod(TestContext test) {
    if (has(test, CacheFleet.class)) {
      fleet(test).reset();
    }
  }

  private static Stream<ApplicationContext> contexts(TestContext test) {
    return has(test, CacheFleet.class)
        ? fleet(test).running().map(FleetNode::context)
        : Stream.of(test.getApplicationContext());
  }

  private static InvalidationFleet fleet(TestContext test) {
    return test.getApplicationContext().getBean(InvalidationFleet.class);
  }

  /** An annotated test without a context has failed already, or will not run. */
  private static boolean has(TestContext test, Class<? extends Annotation> annotation) {
    return TestContextAnnotationUtils.hasAnnotation(test.getTestClass(), annotation)
        && test.hasApplicationContext();
  }
}

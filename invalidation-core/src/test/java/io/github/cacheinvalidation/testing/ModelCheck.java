package io.github.cacheinvalidation.testing;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/**
 * Lets the model checker Lincheck interleave operations of a class. Each operation is a public
 * method without parameters that returns whether its observation was correct.
 */
public final class ModelCheck {

  /**
   * The default of 30 seconds is too short for a busy machine: the first run of a scenario also
   * changes the bytecode of all classes that it uses. A real deadlock is reported after this time.
   */
  private static final Duration LONGEST_RUN = Duration.ofMinutes(5);

  private final Class<?> checked;

  private final ModelCheckingOptions options;

  /**
   * Creates a check without scenarios.
   *
   * @param checked the class with the operations; each run has an instance of its own
   * @param specification has the same methods, each of which returns true
   * @param interleavings how many to try of each scenario
   */
  public ModelCheck(Class<?> checked, Class<?> specification, int interleavings) {
    this.checked = checked;
    this.options =
        new ModelCheckingOptions()
            .iterations(0)
            .invocationsPerIteration(interleavings)
            .minimizeFailedScenario(false)
            .invocationTimeout$lincheck(LONGEST_RUN.toMillis())
            .sequentialSpecification(specification);
  }

  /** Switches to no other thread inside methods of these classes, such as immutable values. */
  public ModelCheck withoutSwitchesIn(Class<?>... values) {
    options.addGuarantee(
        ManagedStrategyGuaranteeKt.forClasses(
                Stream.of(values).map(Class::getName).toArray(String[]::new))
            .allMethods()
            .ignore());
    return this;
  }

  /**
   * Adds a scenario.
   *
   * @param before the operations before all threads
   * @param threads the operations of each thread
   * @param after the operations after all threads have ended
   */
  public ModelCheck scenario(List<String> before, List<List<String>> threads, List<String> after) {
    options.addCustomScenario(
        new ExecutionScenario(
            actors(before), threads.stream().map(this::actors).toList(), actors(after), null));
    return this;
  }

  /** Adds a scenario with one operation for each thread. */
  public ModelCheck scenario(List<String> atOnce, String after) {
    return scenario(List.of(), atOnce.stream().map(List::of).toList(), List.of(after));
  }

  /**
   * Tries the interleavings.
   *
   * @throws org.jetbrains.lincheck.LincheckAssertionError if an operation returned false, threw an
   *     exception or did not end
   */
  public void run() {
    options.check(checked);
  }

  private List<Actor> actors(List<String> operations) {
    return operations.stream().map(this::actor).toList();
  }

  private Actor actor(String operation) {
    try {
      return new Actor(checked.getMethod(operation), List.of());
    } catch (NoSuchMethodException misspelt) {
      throw new IllegalArgumentException(operation, misspelt);
    }
  }
}

package io.github.cacheinvalidation.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The direction in which the packages of a module import each other.
 *
 * @param classes all classes of the module
 * @param mayUse each package, and the packages of the module that it may use
 * @param packageOf returns the package of a class, in the form of {@code mayUse}
 */
public record Direction(
    JavaClasses classes, Map<String, Set<String>> mayUse, Function<JavaClass, String> packageOf) {

  /**
   * Fails if a package of the module is not in the map.
   *
   * @param some packages that must be found, so that the test cannot pass without classes
   */
  public void requireAllPackages(String... some) {
    Set<String> found = classes.stream().map(packageOf).collect(Collectors.toSet());
    assertThat(found).contains(some);
    assertThat(mayUse.keySet()).as("packages named in MAY_USE").containsAll(found);
  }

  /** Fails if a package uses another one that it may not use. */
  public void require(String name) {
    noClasses()
        .that(resideIn(Set.of(name)))
        .should()
        .dependOnClassesThat(resideIn(others(name)))
        .allowEmptyShould(true)
        .because("'" + name + "' may use only " + mayUse.get(name))
        .check(classes);
  }

  /** Returns whether a class resides in one of the packages. */
  public DescribedPredicate<JavaClass> resideIn(Set<String> packages) {
    return DescribedPredicate.describe(
        "reside in " + packages, type -> packages.contains(packageOf.apply(type)));
  }

  private Set<String> others(String name) {
    Set<String> allowed = mayUse.getOrDefault(name, Set.of());
    return mayUse.keySet().stream()
        .filter(other -> !other.equals(name) && !allowed.contains(other))
        .collect(Collectors.toSet());
  }
}

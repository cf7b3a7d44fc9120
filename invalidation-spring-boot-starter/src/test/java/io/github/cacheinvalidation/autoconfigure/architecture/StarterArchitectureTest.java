package io.github.cacheinvalidation.autoconfigure.architecture;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.github.cacheinvalidation.architecture.Direction;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;

/** Imports in the starter run one way. */
@Tag("source")
class StarterArchitectureTest {

  private static final String ROOT = "io.github.cacheinvalidation.autoconfigure";

  /** In the root package: the settings and other types that an application uses. */
  private static final String API = "the API";

  /** In the root package too: the auto-configuration, and what else Spring Boot finds by name. */
  private static final String ENTRY = "the entry";

  private static final String TRANSPORT = "internal.transport";

  /** The direction: each package, and the packages of the starter that it may use. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          entry(API, Set.of()),
          entry("internal.manager", Set.of()),
          entry("internal.provider", Set.of()),
          entry("internal.event", Set.of(API)),
          entry("internal.transaction", Set.of("internal.manager")),
          entry("internal.annotation", Set.of("internal.manager", "internal.transaction")),
          entry("internal.settings", Set.of(API, "internal.annotation", "internal.manager")),
          entry("internal.caffeine", Set.of(API, "internal.provider", "internal.settings")),
          entry("internal.logging", Set.of("internal.settings")),
          entry(TRANSPORT, Set.of(API, "internal.settings")),
          entry(
              "internal.lifecycle",
              Set.of(
                  API,
                  "internal.annotation",
                  "internal.logging",
                  "internal.manager",
                  "internal.settings")),
          entry(
              "internal.beans",
              Set.of(
                  API,
                  "internal.annotation",
                  "internal.caffeine",
                  "internal.provider",
                  "internal.event",
                  "internal.lifecycle",
                  "internal.logging",
                  "internal.manager",
                  "internal.settings",
                  "internal.transaction",
                  TRANSPORT)),
          entry(ENTRY, Set.of("internal.annotation", "internal.beans", "internal.settings")),
          entry("endpoint", Set.of(API, ENTRY, TRANSPORT)),
          entry("health", Set.of(API, ENTRY, TRANSPORT)),
          entry("metrics", Set.of(API, ENTRY, TRANSPORT)),
          entry("tracing", Set.of(ENTRY)));

  static final Set<String> PACKAGES = MAY_USE.keySet();

  private static final JavaClasses STARTER = Starter.types();

  private static final Direction DIRECTION =
      new Direction(STARTER, MAY_USE, StarterArchitectureTest::packageOf);

  @Test
  void everyPackage_hasItsPlaceInTheDirection() {
    DIRECTION.requireAllPackages(API, ENTRY, "internal.beans", "internal.settings");
  }

  @ParameterizedTest
  @FieldSource("PACKAGES")
  void eachPackage_usesOnlyThePackagesBelow(String name) {
    DIRECTION.require(name);
  }

  @Test
  void packages_areFreeOfCycles() {
    slices().assignedFrom(new Packages()).should().beFreeOfCycles().check(STARTER);
  }

  private static String packageOf(JavaClass type) {
    String name = type.getPackageName();
    if (name.startsWith(ROOT + ".")) {
      return name.substring(ROOT.length() + 1);
    }
    return name.equals(ROOT) ? partOfTheRoot(outermost(type)) : name;
  }

  private static String partOfTheRoot(JavaClass type) {
    boolean used =
        type.getModifiers().contains(JavaModifier.PUBLIC)
            && !type.isAnnotatedWith(AutoConfiguration.class);
    return used ? API : ENTRY;
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(StarterArchitectureTest::outermost).orElse(type);
  }

  /** The packages, where the root package counts as two. */
  private static final class Packages implements SliceAssignment {

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return SliceIdentifier.of(packageOf(type));
    }

    @Override
    public String getDescription() {
      return "packages";
    }
  }
}

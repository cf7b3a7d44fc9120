package io.github.cacheinvalidation.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Imports in the core run one way, and optional dependencies stay in their packages. */
@Tag("source")
class CoreArchitectureTest {

  private static final String ROOT = "io.github.cacheinvalidation.";

  /** The root package: all that an application uses. */
  private static final String API = "the API";

  /** The direction: each package, and the packages of the core that it may use. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          entry(API, Set.of()),
          entry("internal.fence", Set.of()),
          entry("internal.key", Set.of(API)),
          entry("internal.message", Set.of(API, "internal.key")),
          entry("internal.history", Set.of(API, "internal.key", "internal.message")),
          entry("internal.channel", Set.of("internal.message")),
          entry("internal.channel.local", Set.of("internal.channel", "internal.message")),
          entry("internal.channel.redis.connection", Set.of("internal.channel")),
          entry(
              "internal.channel.redis.script",
              Set.of("internal.channel", "internal.channel.redis.connection", "internal.message")),
          entry(
              "internal.channel.redis.lettuce",
              Set.of("internal.channel", "internal.channel.redis.connection")),
          entry(
              "internal.channel.redis.springdata",
              Set.of(
                  "internal.channel",
                  "internal.channel.redis",
                  "internal.channel.redis.connection",
                  "internal.channel.redis.lettuce")),
          entry(
              "internal.channel.redis",
              Set.of(
                  "internal.channel",
                  "internal.channel.redis.connection",
                  "internal.channel.redis.script",
                  "internal.message")),
          entry(
              "internal.outbox",
              Set.of(API, "internal.channel", "internal.key", "internal.message")),
          entry("internal.status", Set.of(API, "internal.channel", "internal.fence")),
          entry(
              "internal.receiver",
              Set.of(
                  API,
                  "internal.channel",
                  "internal.fence",
                  "internal.key",
                  "internal.message",
                  "internal.status")),
          entry(
              "internal.group",
              Set.of(API, "internal.channel", "internal.key", "internal.message")),
          entry("internal.transaction", Set.of(API, "internal.fence", "internal.outbox")),
          entry("internal.store", Set.of(API, "internal.fence")),
          entry("internal.judge", Set.of(API, "internal.fence", "internal.store")),
          entry(
              "internal.loading",
              Set.of(API, "internal.key", "internal.store", "internal.transaction")),
          entry(
              "internal.cache",
              Set.of(
                  API,
                  "internal.fence",
                  "internal.judge",
                  "internal.key",
                  "internal.loading",
                  "internal.message",
                  "internal.outbox",
                  "internal.receiver",
                  "internal.store",
                  "internal.transaction")),
          entry(
              "internal.node",
              Set.of(
                  API,
                  "internal.cache",
                  "internal.channel",
                  "internal.fence",
                  "internal.group",
                  "internal.history",
                  "internal.judge",
                  "internal.key",
                  "internal.message",
                  "internal.outbox",
                  "internal.receiver",
                  "internal.status",
                  "internal.transaction")));

  static final Set<String> PACKAGES = MAY_USE.keySet();

  private static final Set<String> JSON_OF_MESSAGES =
      Set.of("BodyWriter", "ChainFields", "Json", "MessageFields", "MessageReader", "TextFields");

  private static final JavaClasses CORE = importCore();

  private static final Direction DIRECTION =
      new Direction(CORE, MAY_USE, CoreArchitectureTest::packageOf);

  @Test
  void everyPackage_hasItsPlaceInTheDirection() {
    DIRECTION.requireAllPackages(API, "internal.cache", "internal.channel", "internal.key");
  }

  @ParameterizedTest
  @FieldSource("PACKAGES")
  void eachPackage_usesOnlyThePackagesBelow(String name) {
    DIRECTION.require(name);
  }

  @Test
  void packages_areFreeOfCycles() {
    slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(CORE);
  }

  @Test
  void core_knowsNoSpringBoot() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.springframework.boot..")
        .because("the core works without Spring Boot")
        .check(CORE);
  }

  @Test
  void redisTypes_stayInTheRedisChannel() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "internal.channel.redis..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework.data.redis..", "io.lettuce..", "redis.clients..")
        .because("a node works without Redis on the class path")
        .check(CORE);
  }

  @Test
  void springDataTypes_stayInTheirPackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "internal.channel.redis.springdata..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework.data..", "redis.clients..")
        .because("a channel over Lettuce works without Spring Data Redis on the class path")
        .check(CORE);
  }

  @Test
  void localChannel_handsThePlaceInTheChainOnAsData() {
    noClasses()
        .that(DIRECTION.resideIn(Set.of("internal.channel.local")))
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "write or read JSON",
                type ->
                    type.getPackageName().startsWith("tools.jackson")
                        || JSON_OF_MESSAGES.contains(type.getSimpleName())))
        .because("a message inside one JVM has the body that the outbox wrote, and nothing else")
        .check(CORE);
  }

  @Test
  void transactionTypes_stayWhereTheyAreOptional() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "internal.transaction..", ROOT + "internal.node..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.springframework.transaction..")
        .because("a node works without spring-tx on the class path")
        .check(CORE);
  }

  @Test
  void reactor_isUsedNowhere() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("reactor..", "org.reactivestreams..")
        .because("reactive types are served without Reactor on the class path")
        .check(CORE);
  }

  /** The rules ask only for names, so the classes of libraries need not be read. */
  private static JavaClasses importCore() {
    return ArchConfiguration.withThreadLocalScope(
        configuration -> {
          configuration.setResolveMissingDependenciesFromClassPath(false);
          return new ClassFileImporter().importPath(Checkout.classes("invalidation-core"));
        });
  }

  private static String packageOf(JavaClass type) {
    String name = type.getPackageName();
    if (ROOT.equals(name + ".")) {
      return API;
    }
    return name.startsWith(ROOT) ? name.substring(ROOT.length()) : name;
  }
}

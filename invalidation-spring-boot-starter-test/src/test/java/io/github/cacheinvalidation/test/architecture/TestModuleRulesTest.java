package io.github.cacheinvalidation.test.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.github.cacheinvalidation.architecture.Checkout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.util.StringUtils;

/** What the module may use, and the class names in its files. */
@Tag("source")
class TestModuleRulesTest {

  private static final Path CLASSES = Checkout.classes("invalidation-spring-boot-starter-test");

  private static final JavaClasses MODULE = new ClassFileImporter().importPath(CLASSES);

  @Test
  void module_needsNoRedisClient_noSpringData_andNoTestFramework() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.springframework.data..",
            "org.springframework.boot.data..",
            "io.lettuce..",
            "redis.clients..",
            "org.junit..",
            "org.mockito..")
        .because("an application may have none of them")
        .check(MODULE);
  }

  @Test
  void transactionTypes_areUsedInOneClass() {
    noClasses()
        .that()
        .doNotHaveSimpleName("OpenTransaction")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.springframework.transaction..")
        .because("spring-tx is optional")
        .check(MODULE);
  }

  @Test
  void classNameInAFile_resolves() throws IOException {
    List<String> names = new ArrayList<>();
    for (Path imports : Checkout.files(CLASSES.resolve("META-INF/spring"), ".imports")) {
      names.add(imports.getFileName().toString().replace(".imports", ""));
      names.addAll(Checkout.lines(imports));
    }
    Properties factories =
        PropertiesLoaderUtils.loadProperties(
            new FileSystemResource(CLASSES.resolve("META-INF/spring.factories")));
    for (String factory :
        Collections.list(factories.keys()).stream().map(String::valueOf).toList()) {
      names.add(factory);
      names.addAll(StringUtils.commaDelimitedListToSet(factories.getProperty(factory)));
    }

    assertThat(names).hasSize(7);
    assertThat(names)
        .allSatisfy(
            name -> assertThatCode(() -> Class.forName(name.strip())).doesNotThrowAnyException());
  }
}

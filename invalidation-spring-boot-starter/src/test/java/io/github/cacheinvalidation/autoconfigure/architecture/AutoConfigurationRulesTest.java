package io.github.cacheinvalidation.autoconfigure.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.properties.CanBeAnnotated.Predicates.annotatedWith;
import static com.tngtech.archunit.core.domain.properties.CanBeAnnotated.Predicates.metaAnnotatedWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;

/** Spring Boot's own rules for auto-configurations. */
@Tag("source")
class AutoConfigurationRulesTest {

  private static final JavaClasses STARTER = Starter.types();

  @Test
  void autoConfiguration_isPublicAndFinal() {
    classes()
        .that()
        .areAnnotatedWith(AutoConfiguration.class)
        .should()
        .bePublic()
        .andShould()
        .haveModifier(JavaModifier.FINAL)
        .allowEmptyShould(true)
        .check(STARTER);
  }

  @Test
  void autoConfiguration_isNamedSo() {
    classes()
        .that()
        .areAnnotatedWith(AutoConfiguration.class)
        .should()
        .haveSimpleNameEndingWith("AutoConfiguration")
        .allowEmptyShould(true)
        .check(STARTER);
  }

  @Test
  void everyAutoConfiguration_isListedInOrder() {
    List<String> annotated =
        STARTER.stream()
            .filter(annotatedWith(AutoConfiguration.class))
            .map(JavaClass::getName)
            .sorted()
            .toList();

    assertThat(Starter.importedAutoConfigurations())
        .as("lines of AutoConfiguration.imports, sorted, against classes with @AutoConfiguration")
        .isEqualTo(annotated);
  }

  @Test
  void configuration_hasNoPublicMethods() {
    noMethods()
        .that()
        .areDeclaredInClassesThat(metaAnnotatedWith(Configuration.class))
        .or()
        .areDeclaredInClassesThat(annotatedWith(Configuration.class))
        .should()
        .bePublic()
        .allowEmptyShould(true)
        .check(STARTER);
  }

  @Test
  void configuration_hasNoPublicFields() {
    noFields()
        .that()
        .areDeclaredInClassesThat(metaAnnotatedWith(Configuration.class))
        .or()
        .areDeclaredInClassesThat(annotatedWith(Configuration.class))
        .should()
        .bePublic()
        .allowEmptyShould(true)
        .check(STARTER);
  }

  @Test
  void configurationThatIsNoAutoConfiguration_isNotPublic() {
    noClasses()
        .that(
            annotatedWith(Configuration.class)
                .and(not(annotatedWith(AutoConfiguration.class)))
                .forSubtype())
        .should()
        .bePublic()
        .allowEmptyShould(true)
        .check(STARTER);
  }

  @Test
  void configuration_isNeverFoundByScanning() {
    noClasses().should().beAnnotatedWith(ComponentScan.class).allowEmptyShould(true).check(STARTER);
  }

  @Test
  void beanMethod_hasNoConditionOnClasses() {
    noMethods()
        .that()
        .areAnnotatedWith(Bean.class)
        .should()
        .beAnnotatedWith(ConditionalOnClass.class)
        .because("the method's own signature would need the class: nest a configuration")
        .allowEmptyShould(true)
        .check(STARTER);
  }

  @Test
  void beanMethodOfPostProcessor_isStatic() {
    methods()
        .that()
        .areAnnotatedWith(Bean.class)
        .and()
        .haveRawReturnType(
            JavaClass.Predicates.assignableTo(BeanPostProcessor.class)
                .or(JavaClass.Predicates.assignableTo(BeanFactoryPostProcessor.class)))
        .should()
        .beStatic()
        .because("it would instantiate its configuration before other post-processors are there")
        .allowEmptyShould(true)
        .check(STARTER);
  }
}

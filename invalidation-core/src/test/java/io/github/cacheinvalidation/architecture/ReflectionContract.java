package io.github.cacheinvalidation.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.core.io.support.SpringFactoriesLoader;

/**
 * Each class that a module looks up by name or by reflection has a native-image hint. A class with
 * a new lookup fails this test until it names the hint that it needs.
 */
@Tag("source")
public abstract class ReflectionContract {

  /** Lookups that cannot be hinted here, or need no hint: the reason is beside the use. */
  protected static final Predicate<RuntimeHints> NO_HINT = hints -> true;

  /** Methods that are lookups because of their owner. */
  private static final Set<String> OWNERS =
      Set.of(
          "java.lang.reflect.Field",
          "java.lang.reflect.Method",
          "java.lang.reflect.Constructor",
          "java.lang.reflect.Proxy",
          "java.lang.reflect.AccessibleObject",
          "java.lang.invoke.MethodHandles$Lookup",
          "org.springframework.util.ReflectionUtils",
          "org.springframework.beans.BeanUtils",
          "org.springframework.beans.PropertyAccessorFactory");

  private static final Set<String> METHODS =
      Set.of(
          "java.lang.Class.forName",
          "java.lang.Class.getDeclaredField",
          "java.lang.Class.getDeclaredFields",
          "java.lang.Class.getField",
          "java.lang.Class.getDeclaredMethod",
          "java.lang.Class.getDeclaredMethods",
          "java.lang.Class.getMethod",
          "java.lang.Class.getMethods",
          "java.lang.Class.getDeclaredConstructor",
          "java.lang.Class.getDeclaredConstructors",
          "java.lang.Class.getConstructor",
          "java.lang.Class.getRecordComponents",
          "java.lang.ClassLoader.loadClass",
          "org.springframework.util.ClassUtils.isPresent",
          "org.springframework.util.ClassUtils.forName",
          "org.springframework.util.ClassUtils.resolveClassName");

  private final String module;

  private final Map<String, Predicate<RuntimeHints>> hinted;

  /**
   * Creates the test of a module.
   *
   * @param module the directory of the module
   * @param hinted the simple names of the classes that use reflection, with the hints they need
   */
  protected ReflectionContract(String module, Map<String, Predicate<RuntimeHints>> hinted) {
    this.module = module;
    this.hinted = hinted;
  }

  @Test
  void classThatUsesReflection_isNamedWithItsHint() {
    Set<String> found =
        new ClassFileImporter()
            .importPath(Checkout.classes(module)).stream()
                .flatMap(type -> type.getAccessesFromSelf().stream())
                .filter(ReflectionContract::looksUp)
                .map(access -> outermost(access.getOriginOwner().getFullName()))
                .collect(Collectors.toCollection(TreeSet::new));

    assertThat(hinted.keySet())
        .as("classes of %s that use reflection and are named here", module)
        .containsAll(found);
  }

  @Test
  void classThatUsesReflection_hasItsHintInANativeImage() {
    RuntimeHints hints = new RuntimeHints();
    ClassLoader loader = getClass().getClassLoader();
    SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories", loader)
        .load(RuntimeHintsRegistrar.class)
        .forEach(registrar -> registrar.registerHints(hints, loader));

    assertThat(hinted)
        .allSatisfy((type, hint) -> assertThat(hint).as("hint for %s", type).accepts(hints));
  }

  private static boolean looksUp(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getFullName();
    return OWNERS.contains(owner) || METHODS.contains(owner + "." + access.getName());
  }

  private static String outermost(String name) {
    String simple = name.substring(name.lastIndexOf('.') + 1);
    int nested = simple.indexOf('$');
    return nested < 0 ? simple : simple.substring(0, nested);
  }
}

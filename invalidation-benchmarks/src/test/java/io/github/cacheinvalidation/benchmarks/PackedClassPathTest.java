package io.github.cacheinvalidation.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

class PackedClassPathTest {

  private final PackedClassPath classPath = PackedClassPath.create();

  @Test
  void everyEntry_isAFile() {
    assertThat(entries(classPath.all())).allSatisfy(entry -> assertThat(entry).isFile());
  }

  @Test
  void classesOfADirectory_areInItsJar() throws Exception {
    String name = Startup.class.getName().replace('.', '/') + ".class";
    int jars = 0;
    for (File entry : entries(classPath.all())) {
      if (entry.getName().startsWith("invalidation-benchmarks")) {
        try (JarFile jar = new JarFile(entry)) {
          jars += jar.getEntry(name) == null ? 0 : 1;
        }
      }
    }
    assertThat(jars).isOne();
  }

  @Test
  void jarsOfAModule_canBeLeftOut() {
    assertThat(entries(classPath.all())).anySatisfy(PackedClassPathTest::isOfTheCore);
    assertThat(entries(classPath.without(List.of("invalidation-core"))))
        .hasSize(entries(classPath.all()).size() - 1)
        .noneSatisfy(PackedClassPathTest::isOfTheCore);
  }

  private static void isOfTheCore(File entry) {
    assertThat(entry.getName()).startsWith("invalidation-core");
  }

  private static List<File> entries(String classPath) {
    return List.of(classPath.split(File.pathSeparator, -1)).stream().map(File::new).toList();
  }
}

package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/**
 * An application whose classes a test writes as text, in packages of their own. So other
 * configurations of the tests are not found by scanning, and no class is loaded by accident.
 */
final class WrittenApplication implements AutoCloseable {

  /** A class that is scanned from, to be run. */
  static final String APPLICATION =
      """
      package shop;
      @Configuration
      @ComponentScan
      public class Application {}
      """;

  /** A class that enables caching in the profile "cached". */
  static final String CACHING =
      """
      package shop;
      @Configuration
      @Profile("cached")
      @EnableCaching
      class Caching {}
      """;

  private static final Pattern NAME =
      Pattern.compile("(?m)^(?:public )?(?:class|@interface) (?<name>\\w+)");

  private static final String IMPORTS =
      """
      import org.springframework.boot.autoconfigure.AutoConfiguration;
      import org.springframework.boot.autoconfigure.SpringBootApplication;
      import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
      import org.springframework.boot.test.context.TestConfiguration;
      import org.springframework.cache.annotation.EnableCaching;
      import org.springframework.context.annotation.ComponentScan;
      import org.springframework.context.annotation.Configuration;
      import org.springframework.context.annotation.Import;
      import org.springframework.context.annotation.Profile;
      """;

  private final Loader loader;

  private WrittenApplication(Path root) throws IOException {
    this.loader = new Loader(root.toUri().toURL());
  }

  /** Compiles classes, each a text that begins with its package, into a directory. */
  static WrittenApplication of(Path directory, String... classes) throws IOException {
    compile(directory, classes);
    return new WrittenApplication(directory);
  }

  /** The same in a jar. */
  static WrittenApplication inJar(Path directory, String... classes) throws IOException {
    Path root = Files.createDirectories(directory.resolve("classes"));
    compile(root, classes);
    Path jar = directory.resolve("application.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(file);
        Stream<Path> found = Files.walk(root)) {
      for (Path each : found.filter(path -> !path.equals(root)).sorted().toList()) {
        boolean folder = Files.isDirectory(each);
        String name = root.relativize(each).toString().replace('\\', '/');
        entries.putNextEntry(new JarEntry(folder ? name + "/" : name));
        if (!folder) {
          Files.copy(each, entries);
        }
      }
    }
    return new WrittenApplication(jar);
  }

  /** Returns a context with the starter and a class of the application. */
  ApplicationContextRunner application(String main) {
    return Applications.local().withClassLoader(loader).withUserConfiguration(type(main));
  }

  ClassLoader loader() {
    return loader;
  }

  /** Returns a class of the application. */
  Class<?> type(String name) {
    try {
      return loader.loadClass(name);
    } catch (ClassNotFoundException missing) {
      throw new IllegalArgumentException(missing);
    }
  }

  /** Returns the names of the classes that have been loaded. */
  Set<String> loaded() {
    return loader.found;
  }

  @Override
  public void close() throws IOException {
    loader.close();
  }

  private static void compile(Path directory, String... classes) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String text : classes) {
      int end = text.indexOf('\n');
      String packageName = text.substring("package ".length(), end - 1);
      Matcher name = NAME.matcher(text.substring(end));
      assertThat(name.find()).as(text).isTrue();
      Path folder =
          Files.createDirectories(
              directory.resolve("sources").resolve(packageName.replace('.', '/')));
      Path file = folder.resolve(name.group("name") + ".java");
      files.add(Files.writeString(file, text.substring(0, end) + IMPORTS + text.substring(end)));
    }
    var compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-proc:none",
              "-d",
              directory.toString(),
              "-cp",
              System.getProperty("java.class.path"));
      boolean compiled =
          compiler
              .getTask(
                  null,
                  manager,
                  problems,
                  options,
                  null,
                  manager.getJavaFileObjectsFromPaths(files))
              .call();
      assertThat(compiled).as(problems.getDiagnostics().toString()).isTrue();
    }
  }

  /** Notes what it loads. */
  private static final class Loader extends URLClassLoader {

    private final Set<String> found = ConcurrentHashMap.newKeySet();

    Loader(URL root) {
      super(new URL[] {root}, WrittenApplication.class.getClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      Class<?> type = super.findClass(name);
      found.add(name);
      return type;
    }
  }
}

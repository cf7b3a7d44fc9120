package io.github.cacheinvalidation.internal.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles classes of an application that are compiled otherwise than these tests. */
final class Compiled {

  private Compiled() {}

  /** Compiles a class into a folder. It has no names of parameters, unless an option says so. */
  static Class<?> load(Path folder, String name, String source, String... options)
      throws IOException, ClassNotFoundException {
    compile(folder, List.of(name), List.of(source), options);
    URL[] path = {folder.toUri().toURL()};
    return new URLClassLoader(path, Compiled.class.getClassLoader()).loadClass(name);
  }

  /** Compiles source files into a folder. */
  static void compile(Path folder, List<String> names, List<String> sources, String... options)
      throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<Path> written = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        Path file = folder.resolve(names.get(i).replace('.', '/') + ".java");
        Files.createDirectories(file.getParent());
        written.add(Files.writeString(file, sources.get(i)));
      }
      List<String> all = new ArrayList<>(List.of("-d", folder.toString(), "-proc:none"));
      all.addAll(List.of(options));
      boolean compiled =
          compiler
              .getTask(messages, files, null, all, null, files.getJavaFileObjectsFromPaths(written))
              .call();
      assertThat(compiled).as(messages.toString()).isTrue();
    }
  }
}

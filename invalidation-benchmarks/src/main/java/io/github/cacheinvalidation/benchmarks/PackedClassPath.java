package io.github.cacheinvalidation.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * The class path of this JVM with a jar in place of each directory, because applications get the
 * starter in jars. The JVM asks the file system about each class once for each directory that comes
 * first on the class path, which would count as time of the starter.
 */
final class PackedClassPath {

  private final List<String> entries;

  private PackedClassPath(List<String> entries) {
    this.entries = entries;
  }

  /** Packs the directories into jars in a temporary folder, which the JVM deletes when it exits. */
  static PackedClassPath create() {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!entry.isEmpty()) {
        entries.add(new File(entry).isDirectory() ? jarOf(Path.of(entry)) : entry);
      }
    }
    return new PackedClassPath(List.copyOf(entries));
  }

  /** The name of the jar begins with that of the module, so that {@link #without} finds it. */
  private static String jarOf(Path classes) {
    String module = classes.toAbsolutePath().normalize().getParent().getParent().toFile().getName();
    try {
      Path jar = Files.createTempFile(module, ".jar");
      jar.toFile().deleteOnExit();
      int code =
          ToolProvider.findFirst("jar")
              .orElseThrow(() -> new IllegalStateException("Use a JDK: no tool jar was found."))
              .run(System.out, System.err, "cf", jar.toString(), "-C", classes.toString(), ".");
      if (code != 0) {
        throw new IllegalStateException("The directory " + classes + " was not packed.");
      }
      return jar.toString();
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }

  String all() {
    return String.join(File.pathSeparator, entries);
  }

  /** Returns the class path without the jars whose names begin with one of the names of modules. */
  String without(List<String> modules) {
    return String.join(
        File.pathSeparator,
        entries.stream()
            .filter(entry -> modules.stream().noneMatch(new File(entry).getName()::startsWith))
            .toList());
  }
}

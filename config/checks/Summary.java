import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Prints the coverage of each module, and what the build did not cover. Argument: the checkout's
 * directory.
 */
class Summary {

  public static void main(String[] args) throws IOException {
    Path checkout = Path.of(args[0]);
    List<Path> modules;
    try (Stream<Path> entries = Files.list(checkout)) {
      modules = entries.filter(entry -> Files.isRegularFile(report(entry))).sorted().toList();
    }
    System.out.println();
    for (Path module : modules) {
      System.out.println(coverage(module));
    }
    System.out.println();
    for (String line : Files.readAllLines(checkout.resolve("config/not-covered.txt"))) {
      if (!line.startsWith("#")) {
        System.out.println(line);
      }
    }
  }

  private static Path report(Path module) {
    return module.resolve("target/site/jacoco/jacoco.csv");
  }

  /** Columns: group, package, class, then missed and covered of instructions, branches, lines. */
  private static String coverage(Path module) throws IOException {
    List<String[]> classes =
        Files.readAllLines(report(module)).stream().skip(1).map(line -> line.split(",")).toList();
    return "Coverage of %s: %s of lines, %s of branches"
        .formatted(module.getFileName(), share(classes, 7), share(classes, 5));
  }

  private static String share(List<String[]> classes, int missedColumn) {
    long missed = classes.stream().mapToLong(row -> Long.parseLong(row[missedColumn])).sum();
    long covered = classes.stream().mapToLong(row -> Long.parseLong(row[missedColumn + 1])).sum();
    if (missed + covered == 0) {
      return "none";
    }
    return String.format(Locale.ROOT, "%.1f %%", 100.0 * covered / (missed + covered));
  }
}

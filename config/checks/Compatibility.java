import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares docs/compatibility.md with the combinations that ran, or writes it. Arguments: the page,
 * the folder with the reports of the tests, and "true" to write. A line of a report has topology,
 * server, transport and client, separated by tabs.
 */
class Compatibility {

  private static final String HEAD =
      """
      # Tested combinations

      The combinations of server, topology, transport and client that CI runs. Generated from the report of the tests; what
      was not run is not here. In each combination two applications with the starter run on real servers: a write on one node
      evicts on the other; a message that a node misses is read from the log, and nothing is cleared; and the nodes are
      coherent after the event that the topology names. [Contributing](../CONTRIBUTING.md) says how to run them.

      *Lettuce alone* is an application without Spring Data Redis. The other clients are connection factories of Spring Data
      Redis.

      """;

  public static void main(String[] args) throws IOException {
    Path page = Path.of(args[0]);
    List<String[]> ran = ran(Path.of(args[1]));
    String text = text(ran);
    if (Boolean.parseBoolean(args[2])) {
      Files.writeString(page, text);
    } else if (!Files.exists(page) || !Files.readString(page).equals(text)) {
      System.err.println(page.getFileName() + " does not list what ran:");
      System.err.println(text);
      System.err.println("If all servers were there, write it by -Dpages.update=true.");
      System.exit(1);
    }
    System.out.println(ran.size() + " combinations of server, topology, transport and client ran");
  }

  private static List<String[]> ran(Path reports) throws IOException {
    List<String[]> ran = new ArrayList<>();
    try (Stream<Path> files = Files.list(reports)) {
      for (Path file : files.sorted().toList()) {
        Files.readAllLines(file).forEach(line -> ran.add(line.split("\t")));
      }
    }
    return ran;
  }

  private static String text(List<String[]> ran) {
    TreeSet<String> servers =
        ran.stream().map(each -> each[1]).collect(Collectors.toCollection(TreeSet::new));
    Map<String, Map<String, TreeSet<String>>> table = new TreeMap<>();
    for (String[] each : ran) {
      table
          .computeIfAbsent(each[0], topology -> new TreeMap<>())
          .computeIfAbsent(each[1], server -> new TreeSet<>())
          .add("`" + each[2] + "` " + each[3]);
    }
    StringBuilder text = new StringBuilder(HEAD);
    text.append("| topology | ").append(String.join(" | ", servers)).append(" |\n");
    text.append("|---".repeat(servers.size() + 1)).append("|\n");
    table.forEach(
        (topology, cells) -> {
          text.append("| ").append(topology).append(" |");
          for (String server : servers) {
            text.append(' ')
                .append(String.join("; ", cells.getOrDefault(server, new TreeSet<>())))
                .append(" |");
          }
          text.append('\n');
        });
    return text.toString();
  }
}

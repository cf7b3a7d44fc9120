import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Fails if a test was skipped that is not named, with its reason, in the list. Arguments: the list,
 * and the directory with the test reports of one module.
 */
class SkippedTests {

  private static final String SEPARATOR = " : ";

  public static void main(String[] args) throws Exception {
    Path list = Path.of(args[0]);
    Path reports = Path.of(args[1]);
    Map<String, String> reasons = reasons(list);
    List<String> unnamed = new ArrayList<>();
    for (String test : skipped(reports)) {
      String reason = reasons.getOrDefault(test, reasons.get(test.replaceFirst("#.*", "")));
      if (reason == null) {
        unnamed.add(test);
      } else {
        System.out.println("Skipped: " + test + SEPARATOR + reason);
      }
    }
    if (!unnamed.isEmpty()) {
      unnamed.forEach(test -> System.err.println("Skipped without a reason: " + test));
      System.err.println("Run it, remove it, or name it in " + list.getFileName() + ".");
      System.exit(1);
    }
  }

  private static Map<String, String> reasons(Path list) throws IOException {
    Map<String, String> reasons = new LinkedHashMap<>();
    for (String line : Files.readAllLines(list)) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] parts = line.split(SEPARATOR, 2);
      if (parts.length < 2 || parts[1].isBlank()) {
        System.err.println("A line of " + list.getFileName() + " gives no reason: " + line);
        System.exit(1);
      }
      reasons.put(parts[0].strip(), parts[1].strip());
    }
    return reasons;
  }

  private static List<String> skipped(Path reports) throws Exception {
    List<String> skipped = new ArrayList<>();
    if (!Files.isDirectory(reports)) {
      return skipped;
    }
    List<Path> files;
    try (Stream<Path> entries = Files.list(reports)) {
      files = entries.filter(file -> file.toString().endsWith(".xml")).sorted().toList();
    }
    for (Path file : files) {
      NodeList cases =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(file.toFile())
              .getElementsByTagName("testcase");
      for (int i = 0; i < cases.getLength(); i++) {
        Element test = (Element) cases.item(i);
        if (test.getElementsByTagName("skipped").getLength() > 0) {
          skipped.add(test.getAttribute("classname") + "#" + test.getAttribute("name"));
        }
      }
    }
    return skipped;
  }
}

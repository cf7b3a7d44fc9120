package io.github.cacheinvalidation.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The requests and commands of docs/operations.md, as they are written there. */
final class Runbook {

  private static final Path PAGE = Path.of("..", "docs", "operations.md");

  private static final String HEAD = "| symptom | request | field | it shows | cause | remedy |";

  private static final Pattern CODE = Pattern.compile("`([^`]*)`");

  private static final Pattern QUOTED_OR_WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

  private final List<String> lines;

  /**
   * A row of the table of causes.
   *
   * @param request the path of the request
   * @param field the path of the field in its answer
   * @param shown the texts in code that the row names for this field
   * @param cause the cause, in words
   */
  record Row(String request, String field, List<String> shown, String cause) {}

  private Runbook(List<String> lines) {
    this.lines = lines;
  }

  static Runbook read() {
    try {
      return new Runbook(Files.readAllLines(PAGE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (int i = lines.indexOf(HEAD) + 2; lines.get(i).startsWith("|"); i++) {
      String[] cells = lines.get(i).split(" \\| ", -1);
      rows.add(new Row(code(cells[1]).get(0), code(cells[2]).get(0), code(cells[3]), cells[4]));
    }
    return rows;
  }

  Row row(String cause) {
    return rows().stream().filter(row -> row.cause().equals(cause)).findFirst().orElseThrow();
  }

  /** Returns the paths that the runbook reads with curl. */
  List<String> reads() {
    return commands("curl -s \"\\$NODE(/[^\"]*)\"");
  }

  /** Returns the paths at which the runbook deletes with curl. */
  List<String> deletes() {
    return commands("curl -s -X DELETE \"\\$NODE(/[^\"]*)\"");
  }

  /** Returns the commands of redis-cli, each as its words. */
  List<List<String>> redisCommands(String channel) {
    return commands("\\$REDIS (.*)").stream()
        .map(command -> words(command.replace("$CHANNEL", channel)))
        .toList();
  }

  private List<String> commands(String pattern) {
    Pattern command = Pattern.compile("\\s*" + pattern);
    return lines.stream()
        .map(command::matcher)
        .filter(Matcher::matches)
        .map(found -> found.group(1))
        .toList();
  }

  private static List<String> words(String command) {
    return QUOTED_OR_WORD
        .matcher(command)
        .results()
        .map(word -> word.group().replaceAll("^[\"']|[\"']$", ""))
        .toList();
  }

  private static List<String> code(String cell) {
    return CODE.matcher(cell).results().map((MatchResult found) -> found.group(1)).toList();
  }
}

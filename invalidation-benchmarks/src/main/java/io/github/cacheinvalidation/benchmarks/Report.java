package io.github.cacheinvalidation.benchmarks;

import static io.github.cacheinvalidation.benchmarks.Target.number;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The table of all rows, as text and as a CSV file. */
final class Report {

  private static final List<String> HEADER =
      List.of("figure", "ours", "other", "unit", "ratio", "target", "met", "spread");

  private final List<Row> rows = new ArrayList<>();

  private final List<String> voids = new ArrayList<>();

  void add(Row row) {
    rows.add(row);
  }

  /** Records that the rows of a group are missing, and the reason. */
  void addVoid(String group, String reason) {
    voids.add(group + ": " + reason);
  }

  boolean hasVoid() {
    return !voids.isEmpty();
  }

  List<Row> missed() {
    return rows.stream().filter(row -> row.met().equals("no")).toList();
  }

  /** Returns the table as text, one line for each row. */
  String table() {
    List<List<String>> lines = new ArrayList<>();
    lines.add(HEADER);
    for (Row row : rows) {
      lines.add(
          List.of(
              row.figure(),
              number(row.ours()),
              number(row.other()),
              row.unit(),
              number(row.ratio()),
              row.target().toString(),
              met(row),
              "%.0f %%".formatted(row.spread() * 100)));
    }
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      StringBuilder padded = new StringBuilder();
      for (int column = 0; column < HEADER.size(); column++) {
        String cell = line.get(column);
        String gap = " ".repeat(width(lines, column) - cell.length());
        padded.append(isNumber(column) ? gap + cell : cell + gap).append("  ");
      }
      text.append(padded.toString().stripTrailing()).append('\n');
    }
    voids.forEach(group -> text.append("VOID  ").append(group).append('\n'));
    return text.toString();
  }

  private static String met(Row row) {
    return switch (row.met()) {
      case "yes" -> "met";
      case "no" -> "MISSED";
      default -> "";
    };
  }

  private static boolean isNumber(int column) {
    return column == 1 || column == 2 || column == 4 || column == 7;
  }

  private static int width(List<List<String>> lines, int column) {
    return lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
  }

  /** Columns: figure, ours, other, ratio, target, met. */
  String csv() {
    StringBuilder text = new StringBuilder("figure,ours,other,ratio,target,met\n");
    for (Row row : rows) {
      text.append(
          String.join(
                  ",",
                  row.figure(),
                  number(row.ours()),
                  number(row.other()),
                  number(row.ratio()),
                  row.target().toString(),
                  row.met())
              + "\n");
    }
    return text.toString();
  }

  void write(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, csv());
  }
}

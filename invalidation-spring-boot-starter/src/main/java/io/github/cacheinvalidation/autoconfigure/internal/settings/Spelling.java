package io.github.cacheinvalidation.autoconfigure.internal.settings;

import java.util.Collection;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** Finds the name that a misspelt name is likely to mean. */
final class Spelling {

  private static final int MOST_EDITS = 2;

  private Spelling() {}

  /**
   * Returns the known name with the fewest edits, which are insertions, deletions and replacements
   * of one character; or null if each known name needs more than two, or as many as it has letters.
   */
  static @Nullable String nearest(String name, Collection<String> known) {
    return known.stream()
        .filter(each -> edits(name, each) <= Math.min(MOST_EDITS, each.length() - 1))
        .min(Comparator.comparingInt(each -> edits(name, each)))
        .orElse(null);
  }

  private static int edits(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int column = 0; column < row.length; column++) {
      row[column] = column;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int column = 1; column < row.length; column++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(column - 1) ? 0 : 1);
        diagonal = row[column];
        row[column] = Math.min(replaced, 1 + Math.min(diagonal, row[column - 1]));
      }
    }
    return row[to.length()];
  }
}

package io.github.cacheinvalidation.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What was asked for on the command line.
 *
 * @param quick fewer and shorter rounds
 * @param check whether a missed target is a failure
 * @param only the names of the groups to run; all of them if empty
 * @param module the directory of this module
 */
record Options(boolean quick, boolean check, List<String> only, Path module) {

  private static final Set<String> UNJUDGED = Set.of("prices", "scale");

  /** Fails where an argument is neither an option nor one of the groups. */
  static Options of(String[] arguments, Set<String> groups) {
    boolean quick = false;
    boolean check = false;
    List<String> only = new java.util.ArrayList<>();
    for (String argument : arguments) {
      switch (argument) {
        case "quick" -> quick = true;
        case "--check" -> check = true;
        default -> {
          if (!groups.contains(argument)) {
            throw new IllegalArgumentException(
                "'%s' is neither quick nor --check nor one of %s".formatted(argument, groups));
          }
          only.add(argument);
        }
      }
    }
    return new Options(
        quick, check, List.copyOf(only), Path.of(System.getProperty("benchmarks.module", ".")));
  }

  /** A quick run has the groups with targets only. */
  boolean wants(String group) {
    return only.isEmpty() ? !quick || !UNJUDGED.contains(group) : only.contains(group);
  }

  int rounds() {
    return 5;
  }

  /** A part of what a full run takes. */
  double seconds(double full) {
    return quick ? full / 4 : full;
  }
}

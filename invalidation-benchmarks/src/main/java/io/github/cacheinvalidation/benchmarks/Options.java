package io.github.cacheinvalidation.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The options of the command line.
 *
 * @param quick whether to run fewer and shorter rounds
 * @param check whether a missed target is a failure
 * @param only the names of the groups to run; all groups if empty
 * @param module the directory of this module
 */
record Options(boolean quick, boolean check, List<String> only, Path module) {

  private static final Set<String> UNJUDGED = Set.of("transports", "channels", "prices", "scale");

  /** Parses the arguments. Throws if an argument is neither an option nor a group. */
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

  /** Returns whether a group runs. By default, a quick run includes only groups with targets. */
  boolean wants(String group) {
    return only.isEmpty() ? !quick || !UNJUDGED.contains(group) : only.contains(group);
  }

  int rounds() {
    return 5;
  }

  /** Returns the duration for this run, given that of a full run. */
  double seconds(double full) {
    return quick ? full / 4 : full;
  }
}

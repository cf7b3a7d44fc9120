package io.github.cacheinvalidation.testing.junit;

import java.util.ArrayList;
import java.util.List;

/**
 * Goes through all sequences of choices that a deterministic run can be asked to make: a run is
 * repeated with the choices of the one before, but for the last that has an alternative left. Not
 * safe for use by several threads.
 */
public final class Choices {

  private final List<Integer> taken = new ArrayList<>();

  private final List<Integer> alternatives = new ArrayList<>();

  private int position;

  /** Returns a number from 0 to one less than so many. */
  public int of(int count) {
    if (position == taken.size()) {
      taken.add(0);
      alternatives.add(count);
    } else if (alternatives.get(position) != count) {
      throw new IllegalStateException(
          "This run is not the one before: " + count + " alternatives after " + this);
    }
    return taken.get(position++);
  }

  /** Prepares the next run; returns false if there is none. */
  public boolean next() {
    position = 0;
    for (int last = taken.size() - 1; last >= 0; last--) {
      int following = taken.get(last) + 1;
      if (following < alternatives.get(last)) {
        taken.set(last, following);
        return true;
      }
      taken.remove(last);
      alternatives.remove(last);
    }
    return false;
  }

  @Override
  public String toString() {
    return taken.subList(0, position).toString();
  }
}

package io.github.cacheinvalidation.internal.outbox;

import java.util.List;

/** Waits until several channels have accepted the keys of a writer, within the time of one wait. */
record AcceptanceOfAll(List<Acceptance> parts) implements Acceptance {

  /** Returns the acceptance of all parts; the only one that waits itself if there is one. */
  static Acceptance of(List<Acceptance> parts) {
    List<Acceptance> awaited =
        parts.stream().filter(part -> part != Acceptance.NOT_AWAITED).toList();
    if (awaited.isEmpty()) {
      return Acceptance.NOT_AWAITED;
    }
    return awaited.size() == 1 ? awaited.get(0) : new AcceptanceOfAll(awaited);
  }

  @Override
  public void await() {
    awaitSince(System.nanoTime(), false);
  }

  @Override
  public void awaitInsideTransaction() {
    awaitSince(System.nanoTime(), true);
  }

  @Override
  public void awaitSince(long sinceNanos, boolean insideTransaction) {
    for (Acceptance part : parts) {
      part.awaitSince(sinceNanos, insideTransaction);
    }
  }
}

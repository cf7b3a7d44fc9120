package io.github.cacheinvalidation.coherence;

/** Confirms by hand, as the receiver would. */
public final class Confirmations {

  private Confirmations() {}

  /** Says that the node was coherent at a moment. */
  public static void confirm(Confirmation confirmation, long nanos) {
    confirmation.confirm(nanos);
  }
}

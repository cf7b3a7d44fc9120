package io.github.cacheinvalidation.coherence;

/** Confirms by hand, as the receiver would. */
public final class Confirmations {

  private Confirmations() {}

  /** Says that the node was coherent at a moment. */
  public static void confirm(Confirmation confirmation, long nanos) {
    confirmation.confirm(nanos);
  }

  /** Says that a node that is started has joined. */
  public static void join(StatusKeeper status) {
    status.confirmed(0, true);
  }

  /** Says that another server has answered than before. */
  public static void suspect(StatusKeeper status) {
    status.adopted("another", true);
  }
}

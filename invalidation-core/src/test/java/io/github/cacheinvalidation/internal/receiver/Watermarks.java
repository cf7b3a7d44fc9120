package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.status.StatusTracker;

/** Confirms by hand, as the receiver would. */
public final class Watermarks {

  private Watermarks() {}

  /** Says that the node was coherent at a moment. */
  public static void confirm(CoherenceWatermark watermark, long nanos) {
    watermark.confirm(nanos);
  }

  /** Says that a node that is started has joined. */
  public static void join(StatusTracker status) {
    status.confirmed(0, true);
  }

  /** Says that another server has answered than before. */
  public static void suspect(StatusTracker status) {
    status.resynced("another", true);
  }
}

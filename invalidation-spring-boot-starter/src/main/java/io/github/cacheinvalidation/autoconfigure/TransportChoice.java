package io.github.cacheinvalidation.autoconfigure;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The transport that the node of this application has chosen. The choice is made once, when the
 * node first needs it. Safe for use by several threads.
 */
public final class TransportChoice {

  private volatile Transports.@Nullable Chosen chosen;

  TransportChoice() {}

  /** Returns what was chosen; chooses now if nothing was chosen yet. */
  synchronized Transports.Chosen obtain(Supplier<Transports.Chosen> decision) {
    Transports.Chosen present = chosen;
    if (present == null) {
      present = decision.get();
      chosen = present;
    }
    return present;
  }

  /** Returns the transport; null if none was chosen yet, or if the node is disabled. */
  public @Nullable Transport transport() {
    Transports.Chosen present = chosen;
    return present == null ? null : present.transport();
  }
}

package io.github.cacheinvalidation.autoconfigure.internal.transport;

import io.github.cacheinvalidation.autoconfigure.Transport;
import io.github.cacheinvalidation.autoconfigure.internal.settings.NodeSettings;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The transport that the node of this application has chosen, and the channel that its settings
 * name. The transport is chosen once, when the node first needs it. Safe for use by several
 * threads.
 */
public final class TransportChoice {

  private final NodeSettings settings;

  private volatile Transports.@Nullable Chosen chosen;

  public TransportChoice(NodeSettings settings) {
    this.settings = settings;
  }

  /** Returns what was chosen; chooses now if nothing was chosen yet. */
  public synchronized Transports.Chosen obtain(Supplier<Transports.Chosen> decision) {
    Transports.Chosen present = chosen;
    if (present == null) {
      present = decision.get();
      chosen = present;
    }
    return present;
  }

  /** Returns the name of the channel by the settings. It is known before the node starts. */
  public String channel() {
    return settings.channel();
  }

  /** Returns the transport; null if none was chosen yet, or if the node is disabled. */
  public @Nullable Transport transport() {
    Transports.Chosen present = chosen;
    return present == null ? null : present.transport();
  }
}

package io.github.cacheinvalidation.internal.channel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connections that listen to a channel, as far as the server tells.
 *
 * @param connections how many connections listen to the channel; null if the server does not tell
 * @param connectionsUnknown why the server does not tell it; null if it does
 * @param names the names of the connections that have the name of a node, and are subscribed to any
 *     channel or wait for the next entry of any log; sorted, one for each connection
 * @param namesUnknown why the server does not tell the names; null if it does
 */
public record Audience(
    @Nullable Long connections,
    @Nullable String connectionsUnknown,
    List<String> names,
    @Nullable String namesUnknown) {

  public Audience {
    names = List.copyOf(names);
  }
}

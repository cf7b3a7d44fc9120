package io.github.cacheinvalidation.internal.channel;

import java.util.List;

/**
 * A page of the log.
 *
 * @param entries the entries, oldest first
 * @param complete whether the last entry was the tip when the log was read
 */
public record LogPage(List<LogEntry> entries, boolean complete) {

  public LogPage {
    entries = List.copyOf(entries);
  }
}

package io.github.cacheinvalidation.internal.channel;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of the log.
 *
 * @param beginning when the server accepted the oldest message that the log still holds; null if
 *     the log is empty
 * @param entries the entries, oldest first
 * @param more whether more entries follow
 */
public record LogExcerpt(@Nullable Instant beginning, List<LogEntry> entries, boolean more) {

  public LogExcerpt {
    entries = List.copyOf(entries);
  }
}

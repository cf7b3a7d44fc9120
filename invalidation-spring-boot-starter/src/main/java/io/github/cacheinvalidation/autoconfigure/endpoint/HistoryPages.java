package io.github.cacheinvalidation.autoconfigure.endpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.cacheinvalidation.internal.history.PastInvalidation;
import io.github.cacheinvalidation.internal.history.PastInvalidation.Sender;
import io.github.cacheinvalidation.internal.history.RecentMessages;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.github.cacheinvalidation.internal.node.NodeInspector;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/** Shows what was invalidated: the last invalidations here, and the log in Redis. */
final class HistoryPages {

  private final DefaultInvalidationNode node;

  private final RecentMessages recent;

  private final InvalidationEndpointProperties settings;

  HistoryPages(
      DefaultInvalidationNode node,
      RecentMessages recent,
      InvalidationEndpointProperties settings) {
    this.node = node;
    this.recent = recent;
    this.settings = settings;
  }

  /**
   * An invalidation.
   *
   * @param time when; null if the log does not say
   * @param from the kind of its sender: own, node or foreign
   * @param origin the node that sent it, with its random id
   * @param cache the cache; null for all caches
   * @param whole whether the whole cache was invalidated
   * @param keyCount how many keys
   * @param keys the first of them, if they may be shown
   * @param keyHashes their hashes otherwise
   * @param evicted how many entries this node removed
   * @param note what else there is to know
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Past(
      @Nullable String time,
      String from,
      @Nullable String origin,
      @Nullable String cache,
      boolean whole,
      @Nullable Integer keyCount,
      @Nullable List<String> keys,
      @Nullable List<String> keyHashes,
      @Nullable Long evicted,
      @Nullable String note) {}

  /**
   * A part of the log.
   *
   * @param since the time of the request, on the clock of Redis
   * @param beginning when Redis accepted the oldest message that the log still holds
   * @param messages how many messages were read
   * @param invalidations what they invalidate, oldest first
   * @param notes what is missing, and why
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record LogPage(
      String since,
      @Nullable String beginning,
      int messages,
      List<Past> invalidations,
      List<String> notes) {}

  List<Past> recent() {
    return recent.newestFirst().stream().map(this::page).toList();
  }

  LogPage log(String since, @Nullable Integer limit) {
    Instant time = parsed(since);
    int most = limit == null ? settings.maxLogMessages() : limit;
    if (most < 1 || most > settings.maxLogMessages()) {
      throw new InvalidEndpointRequestException(
          "limit " + limit + " is out of bounds",
          "'limit' must be from 1 to %d, which is management.endpoint.invalidation.max-log-messages"
              .formatted(settings.maxLogMessages()));
    }
    NodeInspector inspector = node.inspector();
    String obstacle = NodePage.obstacle(node.status(), inspector);
    if (obstacle != null) {
      return unread(time, obstacle);
    }
    try {
      return page(time, inspector.since(time, most));
    } catch (RuntimeException unanswered) {
      return unread(time, "The log could not be read: " + unanswered.getMessage());
    }
  }

  private static LogPage unread(Instant since, String reason) {
    return new LogPage(since.toString(), null, 0, List.of(), List.of(reason));
  }

  private static Instant parsed(String since) {
    try {
      // a plus sign that is not encoded arrives as a blank
      return DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(since.replace(' ', '+'), Instant::from);
    } catch (DateTimeException notATime) {
      throw new InvalidEndpointRequestException(
          "'" + since + "' is no time",
          "'since' must be a time with its zone, such as 2026-01-31T03:00:00Z or"
              + " 2026-01-31T03:00:00+01:00, but was '"
              + since
              + "'");
    }
  }

  private LogPage page(Instant since, NodeInspector.Log log) {
    List<String> notes = new ArrayList<>();
    Instant beginning = log.beginning();
    if (beginning == null) {
      notes.add("The log is empty");
    } else if (beginning.isAfter(since)) {
      notes.add("The log begins later than the time of the request; older messages are gone");
    }
    if (log.more()) {
      notes.add("More messages follow; ask again with the time of the last one");
    }
    if (log.unreadable() > 0) {
      notes.add(
          log.unreadable()
              + " messages could not be read, or only by a ForeignMessageReader, which is not asked"
              + " here");
    }
    return new LogPage(
        since.toString(),
        beginning == null ? null : beginning.toString(),
        log.messages(),
        log.invalidations().stream().map(this::page).toList(),
        notes);
  }

  private Past page(PastInvalidation past) {
    Instant time = past.time();
    boolean own = past.sender() == Sender.OWN;
    List<String> keys = past.someKeys().stream().map(PastInvalidation.Key::text).toList();
    List<String> hashes = past.someKeys().stream().map(PastInvalidation.Key::hash).toList();
    boolean whole = past.keys() == null && past.known();
    return new Past(
        time == null ? null : time.toString(),
        past.sender().name().toLowerCase(Locale.ROOT),
        own ? node.inspector().origin() : past.origin(),
        past.cache(),
        whole,
        past.keys(),
        settings.showKeys() && past.keys() != null ? keys : null,
        settings.showKeys() || past.keys() == null ? null : hashes,
        past.evicted(),
        past.known() ? null : "This node has no such cache, or it is local only");
  }
}

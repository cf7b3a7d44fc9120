package io.github.cacheinvalidation.internal.node;

import io.github.cacheinvalidation.internal.channel.Audience;
import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.Inspection;
import io.github.cacheinvalidation.internal.channel.LogEntry;
import io.github.cacheinvalidation.internal.channel.LogExcerpt;
import io.github.cacheinvalidation.internal.history.PastInvalidation;
import io.github.cacheinvalidation.internal.history.PastInvalidation.Sender;
import io.github.cacheinvalidation.internal.history.RecentMessages;
import io.github.cacheinvalidation.internal.message.Delivery;
import io.github.cacheinvalidation.internal.message.Message;
import io.github.cacheinvalidation.internal.message.MessageReader;
import io.github.cacheinvalidation.internal.message.UnreadableMessageException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells an operator about the messages of a node, as of one start.
 *
 * @param name the name of the node for people
 * @param origin the origin of its messages, as {@code nodeName/nodeId}; null before the first start
 * @param channel its channel; null while it is stopped
 */
public record NodeInspector(String name, @Nullable String origin, @Nullable Channel channel) {

  /** Without the readers of the application, which only the receiver's thread calls. */
  private static final MessageReader READER = new MessageReader(List.of());

  /**
   * A part of the log.
   *
   * @param beginning when the server accepted the oldest message that the log holds; null if none
   * @param invalidations the invalidations, oldest first
   * @param messages how many messages were read
   * @param unreadable how many of them could not be read, or only by a reader of the application
   * @param more whether more messages follow
   */
  public record Log(
      @Nullable Instant beginning,
      List<PastInvalidation> invalidations,
      int messages,
      int unreadable,
      boolean more) {

    public Log {
      invalidations = List.copyOf(invalidations);
    }
  }

  /** Returns how many connections got the last message of this node, as the server said then. */
  public OptionalInt listeners() {
    return channel == null ? OptionalInt.empty() : channel.log().listeners();
  }

  /** Returns whether there is a server to ask. */
  public boolean canAsk() {
    return channel != null && channel.inspection() != null;
  }

  /**
   * Asks the server which connections listen. May wait for the server for some seconds.
   *
   * @throws RuntimeException if no server answers
   * @throws IllegalStateException if there is no server to ask; see {@link #canAsk}
   */
  public Audience audience() {
    return inspection().audience();
  }

  /**
   * Returns how many connections listen to each cache channel, by their names; empty if there are
   * none. May wait for the server for some seconds.
   *
   * @throws RuntimeException if no server answers
   */
  public SortedMap<String, Audience> audiencesOfCacheChannels() {
    SortedMap<String, Audience> audiences = new TreeMap<>();
    if (channel != null) {
      channel
          .cacheChannels()
          .values()
          .forEach(each -> audiences.put(each.name(), inspection(each).audience()));
    }
    return audiences;
  }

  /**
   * Reads the log of each channel from a time on. May wait for the server for some seconds.
   *
   * @param time the time, on the clock of the server
   * @param limit the most messages, at least 1
   * @throws RuntimeException if no server answers
   * @throws IllegalStateException if there is no server to ask; see {@link #canAsk}
   */
  public Log since(Instant time, int limit) {
    LogExcerpt excerpt = excerpt(time, limit);
    List<PastInvalidation> invalidations = new ArrayList<>();
    int unreadable = 0;
    for (LogEntry entry : excerpt.entries()) {
      try {
        Message message = READER.read(Delivery.ofBody(entry.body(), false));
        invalidations.addAll(
            RecentMessages.ofMessage(
                entry.position().time(),
                senderOf(message.origin()),
                message.origin(),
                message.invalidations()));
      } catch (UnreadableMessageException notRead) {
        unreadable++;
      }
    }
    return new Log(
        excerpt.beginning(), invalidations, excerpt.entries().size(), unreadable, excerpt.more());
  }

  private Sender senderOf(@Nullable String sender) {
    if (sender == null) {
      return Sender.FOREIGN;
    }
    return sender.equals(origin) ? Sender.OWN : Sender.NODE;
  }

  /**
   * Each log gives the oldest of its messages, so the oldest of all are among them. The excerpt
   * begins where the last log begins.
   */
  private LogExcerpt excerpt(Instant time, int limit) {
    List<LogExcerpt> excerpts = new ArrayList<>(List.of(inspection().since(time, limit)));
    if (channel != null) {
      channel
          .cacheChannels()
          .values()
          .forEach(each -> excerpts.add(inspection(each).since(time, limit)));
    }
    if (excerpts.size() == 1) {
      return excerpts.get(0);
    }
    List<LogEntry> entries =
        excerpts.stream()
            .flatMap(excerpt -> excerpt.entries().stream())
            .sorted(
                Comparator.comparing(
                    entry -> entry.position().time(),
                    Comparator.nullsFirst(Comparator.naturalOrder())))
            .toList();
    return new LogExcerpt(
        excerpts.stream()
            .map(LogExcerpt::beginning)
            .filter(Objects::nonNull)
            .max(Comparator.naturalOrder())
            .orElse(null),
        entries.subList(0, Math.min(limit, entries.size())),
        entries.size() > limit || excerpts.stream().anyMatch(LogExcerpt::more));
  }

  private Inspection inspection() {
    return inspection(channel);
  }

  private static Inspection inspection(@Nullable Channel asked) {
    Inspection inspection = asked == null ? null : asked.inspection();
    if (inspection == null) {
      throw new IllegalStateException("This node has no server to ask");
    }
    return inspection;
  }
}

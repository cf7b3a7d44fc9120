package io.github.cacheinvalidation.internal.group;

import io.github.cacheinvalidation.InvalidationGroupHandler;
import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.GroupLog;
import io.github.cacheinvalidation.internal.channel.GroupMember;
import io.github.cacheinvalidation.internal.message.MessageReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The groups of a node. A group shares the messages of the node's own channel and of its cache
 * channels. A node without handlers has no thread and no connection for them. A group runs while it
 * has a handler and the node is started. Safe for use by any thread; a stop waits for the running
 * handlers without holding a lock.
 */
public final class Groups {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** A handler, and the numbers of its group, which outlast a stop of the node. */
  private record Member(InvalidationGroupHandler handler, GroupCounters counters) {}

  /** A channel that is open, and the name of this node on it. */
  private record Open(Channel channel, String node) {}

  private final GroupMessages messages;
  private final Object lock = new Object();
  private List<Member> members = List.of();
  private GroupSettings settings = GroupSettings.defaults();
  private GroupListener listener = new GroupListener() {};
  private List<GroupThread> threads = List.of();
  private @Nullable Open open;

  /**
   * Creates groups without handlers.
   *
   * @param reader reads messages
   * @param caches the caches of this node
   */
  public Groups(MessageReader reader, KnownCaches caches) {
    this.messages = new GroupMessages(reader, caches);
  }

  /**
   * Sets the handlers, which get messages from now on while the node is started.
   *
   * @param handlers the handlers; each of another group
   * @throws IllegalArgumentException if the name of a group is not valid, or is there twice
   * @throws IllegalStateException if there are handlers already
   */
  public void handle(
      List<? extends InvalidationGroupHandler> handlers,
      GroupSettings values,
      GroupListener events) {
    List<Member> added = new ArrayList<>();
    Map<String, InvalidationGroupHandler> byGroup = new HashMap<>();
    for (InvalidationGroupHandler handler : handlers) {
      String group = handler.group();
      requireValid(group, handler, byGroup.put(group, handler));
      added.add(new Member(handler, new GroupCounters(group)));
    }
    synchronized (lock) {
      if (!members.isEmpty()) {
        throw new IllegalStateException("There are handlers already");
      }
      members = List.copyOf(added);
      settings = values;
      listener = events;
      begin();
    }
  }

  private static void requireValid(
      @Nullable String group,
      InvalidationGroupHandler handler,
      @Nullable InvalidationGroupHandler other) {
    if (group == null || !NAME.matcher(group).matches()) {
      throw new IllegalArgumentException(
          "'group' of "
              + handler.getClass().getName()
              + " must be 1 to 64 letters, digits, dots, hyphens or underscores, but was "
              + group);
    }
    if (other != null) {
      throw new IllegalArgumentException(
          "'group' of "
              + handler.getClass().getName()
              + " must differ from that of "
              + other.getClass().getName()
              + ", but both are "
              + group);
    }
  }

  /** Starts to hand over messages, if there are handlers. Returns at once. */
  public void start(Channel channel, String node) {
    synchronized (lock) {
      open = new Open(channel, node);
      begin();
    }
  }

  private void begin() {
    Open present = open;
    if (present == null || members.isEmpty()) {
      return;
    }
    List<GroupThread> begun = new ArrayList<>();
    for (Member member : members) {
      GroupThread thread = thread(member, present);
      if (thread != null) {
        begun.add(thread);
      }
    }
    threads = begun;
    if (begun.isEmpty()) {
      listener.unused(members.stream().map(each -> each.counters().group()).toList());
    }
    begun.forEach(GroupThread::start);
  }

  private @Nullable GroupThread thread(Member member, Open present) {
    String group = member.counters().group();
    GroupMember asMember =
        new GroupMember(
            group,
            present.node(),
            settings.backOff(),
            settings.maxBackOff(),
            settings.claimIdleTime(),
            settings.maxDeadLetters());
    GroupOutage outage = new GroupOutage(group, listener);
    List<GroupLog> logs = new ArrayList<>();
    List<GroupLoop> loops = new ArrayList<>();
    channels(present.channel())
        .forEach(
            (suffix, channel) -> {
              GroupLog log = channel.groupLog(asMember);
              if (log != null) {
                logs.add(log);
                loops.add(loop(log, suffix, member, outage));
              }
            });
    return logs.isEmpty()
        ? null
        : new GroupThread(group, logs, new GroupTurns(loops, System::nanoTime));
  }

  /** Returns the channels by what makes the ids of their messages differ. */
  private static Map<String, Channel> channels(Channel own) {
    Map<String, Channel> channels = new TreeMap<>();
    own.cacheChannels().forEach((name, channel) -> channels.put("@" + name, channel));
    channels.put("", own);
    return channels;
  }

  private GroupLoop loop(GroupLog log, String suffix, Member member, GroupOutage outage) {
    return new GroupLoop(
        log,
        suffix,
        member.handler(),
        messages,
        settings,
        member.counters(),
        listener,
        outage,
        System::nanoTime);
  }

  /** Stops to hand over messages. Waits for running handlers, at most for the stop timeout. */
  public void stop() {
    stop(true);
  }

  /** Removes the handlers. Waits for running ones, at most for the stop timeout. */
  public void release() {
    stop(false);
  }

  private void stop(boolean ofNode) {
    List<GroupThread> ending;
    synchronized (lock) {
      ending = threads;
      threads = List.of();
      if (ofNode) {
        open = null;
      } else {
        members = List.of();
      }
    }
    ending.forEach(GroupThread::beginStop);
    long deadline = System.nanoTime() + settings.stopTimeout().toNanos();
    for (GroupThread thread : ending) {
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      if (!thread.awaitEnd(left)) {
        listener.interrupted(thread.group(), settings.stopTimeout());
      }
    }
  }

  /** Returns the numbers of each group that has a handler here. */
  public List<GroupStatistics> statistics() {
    synchronized (lock) {
      return members.stream().map(each -> (GroupStatistics) each.counters()).toList();
    }
  }
}

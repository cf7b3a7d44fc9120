package io.github.cacheinvalidation.internal.group;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.GroupLog;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A log that answers as it is told to, and records what it is asked. */
final class ScriptedGroupLog implements GroupLog {

  final List<String> calls = new ArrayList<>();

  private final Queue<Entry> entries = new ArrayDeque<>();

  private int failures;

  private Backlog backlog = new Backlog(0, 0);

  void add(String id, int deliveries, String body) {
    entries.add(new Entry(id, deliveries, false, body.getBytes(StandardCharsets.UTF_8)));
  }

  void addEverything(String id, int deliveries) {
    entries.add(new Entry(id, deliveries, true, new byte[] {'{', '}'}));
  }

  /** Fails the next calls. */
  void fail(int calls) {
    failures = calls;
  }

  void backlog(long unread, long pending) {
    backlog = new Backlog(unread, pending);
  }

  private void call(String call) {
    if (failures > 0) {
      failures--;
      throw new ChannelException("no answer", null);
    }
    calls.add(call);
  }

  private static String of(@Nullable Finished finished) {
    return finished == null ? "-" : finished.id() + (finished.handled() ? " handled" : " failed");
  }

  @Override
  public Taken take(@Nullable Finished finished) {
    call("take " + of(finished));
    return new Taken(entries.poll(), backlog);
  }

  @Override
  public String deadLetters() {
    return "dead";
  }

  @Override
  public void keep(Entry entry, String reason) {
    call("keep " + entry.id() + " " + reason);
  }

  @Override
  public void leave(@Nullable Finished finished) {
    call("leave " + of(finished));
  }

  @Override
  public void close() {}
}

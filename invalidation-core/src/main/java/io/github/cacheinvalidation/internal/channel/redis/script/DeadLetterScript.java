package io.github.cacheinvalidation.internal.channel.redis.script;

import static io.github.cacheinvalidation.internal.channel.redis.script.Script.bytes;

import io.github.cacheinvalidation.internal.channel.GroupLog;
import io.github.cacheinvalidation.internal.channel.GroupMember;
import io.github.cacheinvalidation.internal.channel.redis.connection.Connection;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisNames;
import io.github.cacheinvalidation.internal.channel.redis.connection.ServerErrors;
import java.time.Duration;

/**
 * Keeps a message that a group could not handle, in a stream beside the log. A message that was
 * kept a short time ago is not kept again. {@code EXPIRE} comes before {@code XADD} too, because
 * Redis refuses an {@code XADD} that is the first write of a script while the memory is full.
 */
public final class DeadLetterScript {

  /** How long Redis keeps the stream after the last dead letter. */
  static final Duration LIFETIME = Duration.ofDays(30);

  private static final String TEXT =
      LogNonce.LUA
          + """
          local key = KEYS[1]
          for _, kept in ipairs(redis.call('XREVRANGE', key, '+', '-', 'COUNT', 100)) do
            if field(kept, 'id') == ARGV[1] then
              return ''
            end
          end
          redis.call('EXPIRE', key, ARGV[7])
          redis.call('XADD', key, 'MAXLEN', ARGV[6], '*', 'id', ARGV[1], 'm', ARGV[2],
              'attempts', ARGV[3], 'reason', ARGV[4], 'node', ARGV[5])
          redis.call('EXPIRE', key, ARGV[7])
          return ''
          """;

  private final Script script;
  private final byte[] key;
  private final GroupMember member;

  public DeadLetterScript(RedisNames name, GroupMember member, ServerErrors errors) {
    this.script = new Script(TEXT, errors);
    this.key = bytes(name.deadLetterKey(member.group()));
    this.member = member;
  }

  public void run(Connection connection, GroupLog.Entry entry, String reason) {
    script.run(
        connection,
        Connection.Reply.BYTES,
        key,
        bytes(entry.id()),
        entry.body(),
        bytes(String.valueOf(entry.deliveries())),
        bytes(reason),
        bytes(member.name()),
        bytes(String.valueOf(member.maxDeadLetters())),
        bytes(String.valueOf(LIFETIME.toSeconds())));
  }
}

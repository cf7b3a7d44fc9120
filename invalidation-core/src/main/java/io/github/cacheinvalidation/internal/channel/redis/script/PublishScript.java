package io.github.cacheinvalidation.internal.channel.redis.script;

import static io.github.cacheinvalidation.internal.channel.redis.script.Script.bytes;

import io.github.cacheinvalidation.internal.channel.redis.connection.Connection;
import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisNames;
import io.github.cacheinvalidation.internal.channel.redis.connection.ServerErrors;
import io.github.cacheinvalidation.internal.message.ChainFields;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Appends a message to the log and publishes it, as one step. Redis never rolls a script back. So
 * the script publishes last, and deletes the appended entry if a later command fails.
 *
 * <p>Entries have three fields: {@code n}, the random id; {@code m}, the message; and {@code s},
 * the sum of the lengths of all messages up to this one. The sums of two entries give the number of
 * bytes between them. The script checks the log's size each time the sum has grown by 1/64 of the
 * bound. Any program with write access can add entries, so a sum that is not a number counts as 0.
 *
 * <p>While the memory is full, Redis refuses a script's {@code XADD} if it is the first write of
 * the script. So the script trims before it adds.
 *
 * <p>The answer is the id of the entry, a slash, and the number of connections that got the
 * message.
 */
public final class PublishScript {

  /** {@code sum(entry)} returns the sum of the lengths up to an entry. */
  static final String SUM =
      """
      local function sum(entry)
        local s = field(entry, 's')
        return #s <= 15 and string.match(s, '^%d+$') and tonumber(s) or 0
      end
      """;

  static final String TEXT =
      LogNonce.LUA
          + SUM
          + """
          local key = KEYS[1]
          local channel, id_part, body = ARGV[1], ARGV[2], ARGV[3]
          local max_length, max_bytes, lifetime = ARGV[4], tonumber(ARGV[5]), ARGV[6]
          local prev, before = '', 0
          local last = redis.call('XREVRANGE', key, '+', '-', 'COUNT', 1)[1]
          if last then
            prev = last[1] .. '/' .. nonce(last)
            before = sum(last)
          end
          local total = before + #body
          redis.call('XTRIM', key, 'MAXLEN', '~', max_length)
          local id = redis.call('XADD', key, '*',
              'n', id_part, 's', string.format('%.0f', total), 'm', body)
          local refusal, listeners
          local function attempt(...)
            local reply = redis.pcall(...)
            if type(reply) == 'table' and reply.err then
              refusal = reply
              return nil
            end
            return reply
          end
          local function trim()
            local first = attempt('XRANGE', key, '-', '+', 'COUNT', 1)
            if not first then
              return
            end
            first = first[1]
            local window = total - sum(first) + #field(first, 'm')
            if window <= max_bytes then
              return
            end
            local length = attempt('XLEN', key)
            if length then
              local keep = math.max(1, math.floor(length * max_bytes / window))
              attempt('XTRIM', key, 'MAXLEN', length <= 1000 and '=' or '~', keep)
            end
          end
          if not last then
            attempt('EXPIRE', key, lifetime)
          end
          local step = max_bytes / 64
          if not refusal and math.floor(total / step) ~= math.floor(before / step) then
            trim()
          end
          if not refusal then
            local comma = body == '{}' and '' or ','
            local head = HEAD .. comma
            listeners = attempt('PUBLISH', channel, head .. string.sub(body, 2))
          end
          if refusal then
            redis.pcall('XDEL', key, id)
            return refusal
          end
          return id .. '/' .. listeners
          """
              .replace("HEAD", ChainFields.inLua("id .. '/' .. id_part", "prev"));

  /** Publishes on the shard channel. Redis knows that command from version 7 on. */
  private static final String SHARDED_TEXT = TEXT.replace("'PUBLISH'", "'SPUBLISH'");

  private final Script script;
  private final byte[] key;
  private final byte[] channel;
  private final byte[] maxLength;
  private final byte[] maxBytes;
  private final byte[] lifetime;

  /** As the last answer said; -1 before the first one. */
  private volatile int listeners = -1;

  public PublishScript(
      RedisNames name, RedisChannelSettings settings, Duration lifetime, ServerErrors errors) {
    this.script =
        new Script(settings.feed() == FeedKind.SHARDED_PUBSUB ? SHARDED_TEXT : TEXT, errors);
    this.key = bytes(name.logKey());
    this.channel = bytes(name.channel());
    this.maxLength = bytes(String.valueOf(settings.maxLength()));
    this.maxBytes = bytes(String.valueOf(settings.maxBytes()));
    this.lifetime = bytes(String.valueOf(lifetime.toSeconds()));
  }

  public void run(Connection connection, String nonce, byte[] body) {
    note(script.run(connection, Connection.Reply.BYTES, keyAndArguments(nonce, body)));
  }

  /** Starts the script without waiting; null if the client cannot do that. */
  public @Nullable CompletionStage<?> begin(Connection connection, String nonce, byte[] body) {
    CompletionStage<?> begun = script.begin(connection, keyAndArguments(nonce, body));
    if (begun != null) {
      var unused = begun.whenComplete((answer, failure) -> note(answer));
    }
    return begun;
  }

  /** Returns how many connections got the last message; empty before the first answer. */
  public OptionalInt listeners() {
    int last = listeners;
    return last < 0 ? OptionalInt.empty() : OptionalInt.of(last);
  }

  /** Ignores an answer of an unexpected form, because the number is only a hint. */
  private void note(@Nullable Object answer) {
    if (!(answer instanceof byte[] text)) {
      return;
    }
    int count = 0;
    int from = text.length;
    while (from > 0 && text[from - 1] != '/') {
      from--;
    }
    for (int i = from; i < text.length && text[i] >= '0' && text[i] <= '9'; i++) {
      count = count * 10 + text[i] - '0';
    }
    listeners = from == 0 ? listeners : count;
  }

  private byte[][] keyAndArguments(String nonce, byte[] body) {
    return new byte[][] {key, channel, bytes(nonce), body, maxLength, maxBytes, lifetime};
  }
}

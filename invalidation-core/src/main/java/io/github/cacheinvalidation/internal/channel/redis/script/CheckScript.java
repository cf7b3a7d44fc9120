package io.github.cacheinvalidation.internal.channel.redis.script;

import io.github.cacheinvalidation.internal.channel.redis.connection.RedisNames;
import io.github.cacheinvalidation.internal.channel.redis.connection.ServerErrors;
import io.github.cacheinvalidation.internal.message.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.ReturnType;

/**
 * Reads the tip, with a first entry where there is no log, and renews the log's lifetime. The
 * renewal makes it a write, so that no replica answers.
 *
 * <p>The {@code run_id} of the process alone does not identify a server: a master that was demoted
 * and promoted again still has it, but perhaps not what another master accepted meanwhile. At each
 * promotion a server takes a new {@code master_replid}.
 */
public final class CheckScript {

  /**
   * What the server said.
   *
   * @param tip the newest position
   * @param created whether there was no log
   * @param serverId the server's run and its replication history, which changes whenever a replica
   *     becomes a master, the same process once more included; empty if the server hides its run
   */
  public record Answer(Position tip, boolean created, String serverId) {}

  private static final String TEXT =
      LogNonce.LUA
          + """
          local key = KEYS[1]
          local last = redis.call('XREVRANGE', key, '+', '-', 'COUNT', 1)[1]
          local id, id_part, created
          if last then
            id, id_part, created = last[1], nonce(last), '0'
          else
            id_part, created = ARGV[1], '1'
            id = redis.call('XADD', key, '*', 'n', id_part, 's', '0', 'm', '{}')
          end
          redis.call('EXPIRE', key, ARGV[2])
          local function info(section, name)
            local reply = redis.pcall('INFO', section)
            return type(reply) == 'string' and string.match(reply, name .. ':(%w+)') or ''
          end
          local run_id, history = info('server', 'run_id'), info('replication', 'master_replid')
          return {id, id_part, created, run_id == '' and '' or run_id .. '/' .. history}
          """;

  private final Script script;
  private final byte[] key;
  private final byte[] lifetime;

  public CheckScript(RedisNames name, Duration lifetime, ServerErrors errors) {
    this.script = new Script(TEXT, errors);
    this.key = name.logKey().getBytes(StandardCharsets.UTF_8);
    this.lifetime = String.valueOf(lifetime.toSeconds()).getBytes(StandardCharsets.UTF_8);
  }

  public Answer run(RedisConnection connection, String nonce) {
    List<?> reply =
        (List<?>)
            script.run(
                connection,
                ReturnType.MULTI,
                key,
                nonce.getBytes(StandardCharsets.UTF_8),
                lifetime);
    if (reply == null || reply.size() != 4) {
      throw new IllegalStateException("Not the answer of the check script: " + reply);
    }
    Position tip = new Position(text(reply.get(0)), text(reply.get(1)));
    return new Answer(tip, text(reply.get(2)).equals("1"), text(reply.get(3)));
  }

  private static String text(Object element) {
    return new String((byte[]) element, StandardCharsets.UTF_8);
  }
}

package io.github.cacheinvalidation.internal.channel.redis.script;

import static io.github.cacheinvalidation.internal.channel.redis.script.Script.bytes;
import static io.github.cacheinvalidation.internal.channel.redis.script.Script.text;

import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.channel.redis.connection.Connection;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisNames;
import io.github.cacheinvalidation.internal.channel.redis.connection.ServerErrors;
import io.github.cacheinvalidation.internal.message.Position;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tip and renews the log's lifetime. If there is no log, it adds a first entry, or
 * answers nothing. The renewal makes the script a write, so no replica answers it. It comes after
 * the read, which fails for a key of another type, because such a key must not get a lifetime. It
 * comes before {@code XADD}, because Redis refuses an {@code XADD} that is the first write of a
 * script while the memory is full.
 *
 * <p>The {@code run_id} of the process alone does not identify a server. A master that was demoted
 * and promoted again keeps its {@code run_id}, but may lack messages that another master accepted
 * meanwhile. A server takes a new {@code master_replid} at each promotion.
 */
public final class CheckScript {

  /**
   * The server's answer.
   *
   * @param tip the newest position
   * @param created whether there was no log, so that the script created it
   * @param serverId the server's {@code run_id} and {@code master_replid}; changes whenever a
   *     replica becomes a master, even if the same process was master before. If the server hides
   *     its {@code run_id}, its name in a cluster, or empty
   * @param serverMicros the server's time in microseconds; 0 if the server refuses to tell it
   * @param listeners how many connections are subscribed to the channel by its name; 0 if the
   *     server refuses to tell it, and in a cluster, where it counts only its own connections
   * @param twoMastersPossible whether the server has replicas and accepts writes without them;
   *     false if it refuses to tell, and in a cluster, whose isolated master soon refuses writes
   */
  public record Answer(
      Position tip,
      boolean created,
      String serverId,
      long serverMicros,
      int listeners,
      boolean twoMastersPossible) {

    /**
     * Returns this as the answer to a check.
     *
     * @param connection identifies the connection, for a server that hides its {@code run_id}: the
     *     name in a cluster does not change with a restart
     */
    public Tip tip(Supplier<String> connection) {
      boolean hidden = serverId.isEmpty() || serverId.startsWith(CLUSTER_NODE);
      return new Tip(
          tip,
          hidden ? serverId + connection.get() : serverId,
          created,
          serverMicros,
          listeners,
          twoMastersPossible);
    }
  }

  private static final String CLUSTER_NODE = "node:";

  /**
   * {@code info(section)} returns a section of {@code INFO}; empty if the server refuses it. {@code
   * server_id(replication)} takes such a section and returns what identifies the server. If it
   * hides that, the name of the server in a cluster, because a client of a cluster may ask another
   * server without a new connection of its own; else empty.
   */
  static final String SERVER_ID =
      """
      local function info(section)
        local reply = redis.pcall('INFO', section)
        return type(reply) == 'string' and reply or ''
      end
      local function server_id(replication)
        local run_id = string.match(info('server'), 'run_id:(%w+)')
        if run_id then
          return run_id .. '/' .. (string.match(replication, 'master_replid:(%w+)') or '')
        end
        local node = redis.pcall('CLUSTER', 'MYID')
        return type(node) == 'string' and 'NODE' .. node .. '/' or ''
      end
      """
          .replace("NODE", CLUSTER_NODE);

  private static final String TEXT =
      LogNonce.LUA
          + SERVER_ID
          + """
          local key = KEYS[1]
          local last = redis.call('XREVRANGE', key, '+', '-', 'COUNT', 1)[1]
          redis.call('EXPIRE', key, ARGV[2])
          local id, id_part, created
          if last then
            id, id_part, created = last[1], nonce(last), '0'
          elseif ARGV[3] == '0' then
            return {}
          else
            id_part, created = ARGV[1], '1'
            id = redis.call('XADD', key, '*', 'n', id_part, 's', '0', 'm', '{}')
            redis.call('EXPIRE', key, ARGV[2])
          end
          local time = redis.pcall('TIME')
          local micros = time.err and '0' or time[1] .. string.format('%06d', time[2])
          local replication = info('replication')
          local server = server_id(replication)
          local in_cluster = string.find(info('cluster'), 'cluster_enabled:1', 1, true)
              or string.find(server, '^NODE')
          local listeners = redis.pcall('PUBSUB', 'NUMSUB', ARGV[4])[2]
          if not listeners or in_cluster then
            listeners = 0
          end
          local alone = '0'
          if not in_cluster and string.find(replication, 'connected_slaves:[1-9]')
              and not string.find(replication, 'min_slaves_good_slaves', 1, true) then
            alone = '1'
          end
          return {id, id_part, created, server, micros, tostring(listeners), alone}
          """
              .replace("NODE", CLUSTER_NODE);

  private static final byte[] CREATE = {'1'};

  private static final byte[] FIND = {'0'};

  private final Script script;
  private final byte[] key;
  private final byte[] lifetime;
  private final byte[] channel;

  public CheckScript(RedisNames name, Duration lifetime, ServerErrors errors) {
    this.script = new Script(TEXT, errors);
    this.key = bytes(name.logKey());
    this.lifetime = bytes(String.valueOf(lifetime.toSeconds()));
    this.channel = bytes(name.channel());
  }

  /** Runs the script; creates the log if there is none. */
  public Answer run(Connection connection, String nonce) {
    Answer answer = run(connection, nonce, CREATE);
    if (answer == null) {
      throw unexpected(List.of());
    }
    return answer;
  }

  /** Runs the script; returns null if there is no log. */
  public @Nullable Answer find(Connection connection, String nonce) {
    return run(connection, nonce, FIND);
  }

  private @Nullable Answer run(Connection connection, String nonce, byte[] mode) {
    List<?> reply =
        (List<?>)
            script.run(
                connection, Connection.Reply.LIST, key, bytes(nonce), lifetime, mode, channel);
    if (reply != null && reply.isEmpty()) {
      return null;
    }
    if (reply == null || reply.size() != 7) {
      throw unexpected(reply);
    }
    Position tip = new Position(text(reply.get(0)), text(reply.get(1)));
    return new Answer(
        tip,
        text(reply.get(2)).equals("1"),
        text(reply.get(3)),
        Long.parseLong(text(reply.get(4))),
        Integer.parseInt(text(reply.get(5))),
        text(reply.get(6)).equals("1"));
  }

  private static IllegalStateException unexpected(@Nullable List<?> reply) {
    return new IllegalStateException("The check script gave an unexpected answer: " + reply);
  }
}

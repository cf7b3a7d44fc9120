package io.github.cacheinvalidation.internal.channel.redis.script;

import static io.github.cacheinvalidation.internal.channel.redis.script.Script.bytes;
import static io.github.cacheinvalidation.internal.channel.redis.script.Script.text;

import io.github.cacheinvalidation.internal.channel.GroupLog;
import io.github.cacheinvalidation.internal.channel.GroupMember;
import io.github.cacheinvalidation.internal.channel.redis.connection.Connection;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisNames;
import io.github.cacheinvalidation.internal.channel.redis.connection.ServerErrors;
import io.github.cacheinvalidation.internal.message.ChainFields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reports the end of a message and takes one message for a member of a consumer group, as one step.
 * A member has at most one message at a time. It gets, in this order: what it was given before, a
 * message whose back-off is over, a new message. So a slow handler takes no more messages.
 *
 * <p>A message whose handler failed waits under the consumer {@code failed}, where any member finds
 * it. Its idle time and its delivery count are the state of the back-off. While {@value
 * #MOST_FAILED} messages wait there, no new message is taken.
 *
 * <p>Each path to an {@code XADD} or {@code XGROUP} has written before. While the memory is full,
 * Redis refuses these commands if they are the first write of a script.
 *
 * <p>When the group may have lost messages, the script adds an entry to the log whose field {@code
 * g} names the group. It is given to one member, and attempted, like any message. For the caches it
 * is an empty message. The group has lost messages if it did not exist, if the first entry of the
 * log is one that it had not been given (so entries before it may have been trimmed), if the entry
 * of a message that is not done was trimmed, or if another server answers. The consumer {@code
 * server:<id>} records the server, so all members together notice a change once.
 */
public final class GroupScript {

  static final int MOST_FAILED = 200;

  private static final String TEXT =
      LogNonce.LUA
          + PublishScript.SUM
          + CheckScript.SERVER_ID
          + """
          local key, group, me, failed = KEYS[1], ARGV[1], ARGV[2], 'failed'
          local outcome, done = ARGV[3], ARGV[4]
          local back_off, max_back_off, claim_idle = ARGV[5], tonumber(ARGV[6]), ARGV[7]
          local check, mark, channel = ARGV[8] == '1', ARGV[9], ARGV[10]
          local told = false
          local function tell_everything()
            if told then
              return
            end
            told = true
            local prev, before = '', 0
            local last = redis.call('XREVRANGE', key, '+', '-', 'COUNT', 1)[1]
            if last then
              prev, before = last[1] .. '/' .. nonce(last), sum(last)
            end
            local id = redis.call('XADD', key, '*', 'n', mark,
                's', string.format('%.0f', before + 2), 'm', '{}', 'g', group)
            redis.call('PUBLISH', channel, HEAD .. '}')
          end
          local function exists(id)
            return redis.call('XRANGE', key, id, id)[1]
          end
          local function lose(id)
            redis.call('XACK', key, group, id)
            tell_everything()
          end
          local function named(flat)
            local map = {}
            for i = 1, #flat - 1, 2 do
              map[flat[i]] = flat[i + 1]
            end
            return map
          end
          local function read(from)
            local answer = redis.call('XREADGROUP', 'GROUP', group, me, 'COUNT', 1,
                'STREAMS', key, from)
            return answer and answer[1] and answer[1][2][1]
          end
          local function mine()
            local entry = read('0')
            while entry and not entry[2] do
              lose(entry[1])
              entry = read('0')
            end
            return entry
          end
          local function note_server()
            local id = server_id(info('replication'))
            local known, others = id == '', false
            for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', key, group)) do
              local each = named(flat)
              local kind = string.match(each.name, '^(%a+):')
              if each.name == 'server:' .. id then
                known = true
              elseif kind == 'server' and id ~= '' then
                others = true
                redis.call('XGROUP', 'DELCONSUMER', key, group, each.name)
              elseif kind == 'node' and each.pending == 0 and each.idle > 3600000 then
                redis.call('XGROUP', 'DELCONSUMER', key, group, each.name)
              end
            end
            if not known then
              redis.call('XGROUP', 'CREATECONSUMER', key, group, 'server:' .. id)
            end
            if others then
              tell_everything()
            end
          end
          if check then
            local claimed = redis.pcall('XAUTOCLAIM', key, group, me, claim_idle, '0-0',
                'COUNT', 100, 'JUSTID')
            if not claimed.err then
              if claimed[3] and #claimed[3] > 0 then
                tell_everything()
              end
            elseif not string.find(claimed.err, 'NOGROUP', 1, true) then
              return claimed
            elseif not redis.call('XREVRANGE', key, '+', '-', 'COUNT', 1)[1] then
              return {'', '', '', '', '0', '0'}
            else
              redis.call('XGROUP', 'CREATE', key, group, '$')
              tell_everything()
            end
            note_server()
          end
          if outcome == 'handled' then
            redis.call('XACK', key, group, done)
          elseif outcome == 'failed' then
            local pending = redis.call('XPENDING', key, group, done, done, 1)[1]
            if pending and pending[2] == me then
              if exists(done) then
                redis.call('XCLAIM', key, group, failed, 0, done, 'JUSTID')
              else
                lose(done)
              end
            end
          end
          local entry = mine()
          if not entry then
            local waiting = redis.call('XPENDING', key, group, 'IDLE', back_off, '-', '+', 256,
                failed)
            for _, each in ipairs(waiting) do
              if each[3] >= math.min(max_back_off, tonumber(back_off) * 2 ^ (each[4] - 1)) then
                if exists(each[1]) then
                  redis.call('XCLAIM', key, group, me, 0, each[1], 'JUSTID')
                  entry = mine()
                  break
                end
                lose(each[1])
              end
            end
          end
          if not entry then
            local waiting = 0
            for _, each in ipairs(redis.call('XPENDING', key, group)[4] or {}) do
              waiting = each[1] == failed and tonumber(each[2]) or waiting
            end
            if waiting < MOST_FAILED then
              entry = read('>')
            end
            if entry and field(entry, 'g') ~= group then
              local first = redis.call('XRANGE', key, '-', '+', 'COUNT', 1)[1]
              if first[1] == entry[1] then
                tell_everything()
              end
            end
          end
          local unread, pending = '', ''
          if check then
            for _, flat in ipairs(redis.call('XINFO', 'GROUPS', key)) do
              local each = named(flat)
              if each.name == group then
                local last = redis.call('XREVRANGE', key, '+', '-', 'COUNT', 1)[1]
                local level = last and last[1] == each['last-delivered-id']
                unread = level and '0' or each.lag and string.format('%.0f', each.lag) or '-1'
                pending = string.format('%.0f', each.pending)
              end
            end
          end
          if not entry then
            return {'', '', '', '', unread, pending}
          end
          local deliveries = redis.call('XPENDING', key, group, entry[1], entry[1], 1)[1][4]
          return {entry[1], string.format('%.0f', deliveries),
              field(entry, 'g') == group and '1' or '', field(entry, 'm'), unread, pending}
          """
              .replace("HEAD", ChainFields.inLua("id .. '/' .. mark", "prev"))
              .replace("MOST_FAILED", String.valueOf(MOST_FAILED));

  private static final String LEAVE =
      """
      local key, group, me = KEYS[1], ARGV[1], ARGV[2]
      if ARGV[3] == 'handled' then
        redis.call('XACK', key, group, ARGV[4])
      elseif ARGV[3] == 'failed' and redis.call('XRANGE', key, ARGV[4], ARGV[4])[1] then
        local pending = redis.call('XPENDING', key, group, ARGV[4], ARGV[4], 1)[1]
        if pending and pending[2] == me then
          redis.call('XCLAIM', key, group, 'failed', 0, ARGV[4], 'JUSTID')
        end
      end
      if #redis.call('XPENDING', key, group, '-', '+', 1, me) == 0 then
        redis.call('XGROUP', 'DELCONSUMER', key, group, me)
      end
      return ''
      """;

  private final Script take;
  private final Script leave;
  private final byte[] key;
  private final String channel;
  private final GroupMember member;

  public GroupScript(RedisNames name, GroupMember member, ServerErrors errors) {
    this.take = new Script(TEXT, errors);
    this.leave = new Script(LEAVE, errors);
    this.key = bytes(name.logKey());
    this.channel = name.channel();
    this.member = member;
  }

  /**
   * Takes a message.
   *
   * @param check whether to look also for a lost group, another server, and messages of dead nodes;
   *     only then the answer has a backlog
   * @param nonce a new random id, for an entry that tells the group of a loss
   */
  public GroupLog.Taken take(
      Connection connection, GroupLog.@Nullable Finished finished, boolean check, String nonce) {
    List<?> reply =
        (List<?>)
            take.run(
                connection,
                Connection.Reply.LIST,
                arguments(
                    finished,
                    String.valueOf(member.backOff().toMillis()),
                    String.valueOf(member.maxBackOff().toMillis()),
                    String.valueOf(member.claimIdleTime().toMillis()),
                    check ? "1" : "",
                    nonce,
                    channel));
    if (reply == null || reply.size() != 6) {
      throw new IllegalStateException("The group script gave an unexpected answer: " + reply);
    }
    String id = text(reply.get(0));
    String unread = text(reply.get(4));
    return new GroupLog.Taken(
        id.isEmpty()
            ? null
            : new GroupLog.Entry(
                id,
                Integer.parseInt(text(reply.get(1))),
                !text(reply.get(2)).isEmpty(),
                (byte[]) reply.get(3)),
        unread.isEmpty()
            ? null
            : new GroupLog.Backlog(Long.parseLong(unread), Long.parseLong(text(reply.get(5)))));
  }

  /** Leaves the group, unless the member still has a message, which is then given to another. */
  public void leave(Connection connection, GroupLog.@Nullable Finished finished) {
    leave.run(connection, Connection.Reply.BYTES, arguments(finished));
  }

  private byte[][] arguments(GroupLog.@Nullable Finished finished, String... more) {
    byte[][] arguments = new byte[5 + more.length][];
    arguments[0] = key;
    arguments[1] = bytes(member.group());
    arguments[2] = bytes("node:" + member.name());
    arguments[3] = bytes(finished == null ? "" : finished.handled() ? "handled" : "failed");
    arguments[4] = bytes(finished == null ? "" : finished.id());
    for (int i = 0; i < more.length; i++) {
      arguments[5 + i] = bytes(more[i]);
    }
    return arguments;
  }
}

package io.github.cacheinvalidation.internal.channel.redis.script;

import io.github.cacheinvalidation.internal.channel.redis.connection.Connection;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisNames;
import io.github.cacheinvalidation.internal.channel.redis.connection.ServerErrors;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes a log that can take no more entries because a program added an entry with the highest
 * possible id. The next script creates a new log, which shares no position with the old log, so
 * every node does a resync.
 *
 * <p>Only a stream can be in that state, and a stream under the log's key is the log. A key of
 * another type is never deleted, because it can hold data of another application.
 */
public final class LogReplacement {

  private static final Logger logger = LoggerFactory.getLogger(LogReplacement.class);

  private static final String EXHAUSTED = "exhausted the last possible ID";

  /**
   * Another node may have replaced the log meanwhile, so the script checks the log again and
   * deletes it in one step. It deletes by {@code EXPIRE} with 0, because a channel already has the
   * right to that command. It trims first, by nothing, because Redis refuses an {@code XADD} that
   * is the first write of a script while the memory is full.
   */
  private static final String TEXT =
      """
      local key = KEYS[1]
      redis.call('XTRIM', key, 'MAXLEN', '~', 1000000000)
      local added = redis.pcall('XADD', key, '*', 'n', '')
      if type(added) == 'table' and added.err then
        if string.find(added.err, 'exhausted', 1, true) then
          redis.call('EXPIRE', key, 0)
          return 'replaced'
        end
        return added
      end
      redis.call('XDEL', key, added)
      return 'kept'
      """;

  private final RedisNames name;
  private final ServerErrors errors;
  private final Script script;

  public LogReplacement(RedisNames name, ServerErrors errors) {
    this.name = name;
    this.errors = errors;
    this.script = new Script(TEXT, errors);
  }

  /** Runs a script that appends to the log. Runs it again if the log had to be replaced. */
  public <T> T withRoom(Connection connection, Supplier<T> appending) {
    try {
      return appending.get();
    } catch (RuntimeException failure) {
      String answer = errors.answerIn(failure);
      if (answer == null || !answer.contains(EXHAUSTED)) {
        throw failure;
      }
      replace(connection);
      return appending.get();
    }
  }

  private void replace(Connection connection) {
    byte[] key = name.logKey().getBytes(StandardCharsets.UTF_8);
    byte[] outcome = (byte[]) script.run(connection, Connection.Reply.BYTES, key);
    if (outcome != null && new String(outcome, StandardCharsets.UTF_8).equals("replaced")) {
      logger.warn(
          "The log of channel '{}' could take no more entries, because the last id of the stream"
              + " '{}' is the highest possible one. The stream was deleted and begins anew; every"
              + " node clears its caches within its staleness bound. Find out which program added"
              + " an entry with that id",
          name.channel(),
          name.logKey());
    }
  }
}

package io.github.cacheinvalidation.internal.channel.redis.script;

import io.github.cacheinvalidation.internal.channel.redis.connection.RedisNames;
import io.github.cacheinvalidation.internal.channel.redis.connection.ServerErrors;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.ReturnType;

/**
 * Deletes a log that can take no more entries, because an entry with the highest possible id was
 * added to it. The next script makes a fresh log, which shares no position with the old one, so
 * that every node adopts it.
 *
 * <p>Only a stream can be in that state, and a stream under the key of the log is the log. A key of
 * another type is never deleted: it can be data of somebody else.
 */
public final class LogReplacement {

  private static final Logger logger = LoggerFactory.getLogger(LogReplacement.class);

  private static final String EXHAUSTED = "exhausted the last possible ID";

  /**
   * Another node can have replaced the log meanwhile, so the script looks again, in the same step.
   * {@code EXPIRE} with 0 deletes, and a channel has the right to it already.
   */
  private static final String TEXT =
      """
      local key = KEYS[1]
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

  /** Runs a script that appends to the log; once more if the log had to be replaced for it. */
  public <T> T withRoom(RedisConnection connection, Supplier<T> appending) {
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

  private void replace(RedisConnection connection) {
    byte[] key = name.logKey().getBytes(StandardCharsets.UTF_8);
    byte[] outcome = (byte[]) script.run(connection, ReturnType.VALUE, key);
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

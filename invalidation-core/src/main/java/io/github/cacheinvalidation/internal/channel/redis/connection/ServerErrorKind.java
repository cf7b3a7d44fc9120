package io.github.cacheinvalidation.internal.channel.redis.connection;

/** The kinds of errors that a server answers, and the remedy for each. */
public enum ServerErrorKind {
  /** The Redis user lacks a right that the channel needs. */
  RIGHTS,
  /** The credentials are missing or wrong. */
  CREDENTIALS,
  /** The memory is full. */
  MEMORY,
  /** The server cannot save its data, and therefore takes no writes. */
  SAVING,
  /** The key of the log holds another type of data. */
  TYPE,
  /** Any other error. */
  OTHER;

  static ServerErrorKind of(String answer) {
    if (answer.contains("NOPERM") || answer.contains("The user executing the script")) {
      return RIGHTS;
    }
    if (answer.startsWith("NOAUTH") || answer.startsWith("WRONGPASS")) {
      return CREDENTIALS;
    }
    if (answer.contains("OOM ")) {
      return MEMORY;
    }
    if (answer.contains("MISCONF")) {
      return SAVING;
    }
    if (answer.contains("WRONGTYPE")) {
      return TYPE;
    }
    return OTHER;
  }

  /** Returns an answer followed by its remedy. */
  public static String explained(String answer, String channel) {
    String sentence = answer.endsWith(".") ? answer : answer + ".";
    return sentence + " " + of(answer).remedy(RedisNames.of(channel, 0));
  }

  public String remedy(RedisNames name) {
    return switch (this) {
      case RIGHTS ->
          "Give the Redis user the rights that a channel needs: ACL SETUSER <user> ~"
              + name.logKey()
              + " &"
              + name.channel()
              + " +eval +evalsha +xadd +xdel +xlen +xrange +xrevrange +xtrim +expire +info"
              + " +publish +subscribe +psubscribe +ping";
      case CREDENTIALS ->
          "Set spring.data.redis.username and spring.data.redis.password to a user of this server";
      case MEMORY ->
          "Give Redis more memory (maxmemory), or set a maxmemory-policy that evicts keys";
      case SAVING ->
          "Let Redis save its data again (its own log names the reason), or turn off"
              + " stop-writes-on-bgsave-error";
      case TYPE ->
          "The key '"
              + name.logKey()
              + "' must be the log of this channel but holds other data, which the channel does not"
              + " touch. Rename or delete that key, or use another name for the channel";
      case OTHER -> "See the documentation of Redis for this error";
    };
  }
}

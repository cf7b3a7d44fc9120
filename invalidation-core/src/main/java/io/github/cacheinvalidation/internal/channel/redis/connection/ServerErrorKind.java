package io.github.cacheinvalidation.internal.channel.redis.connection;

/** The kinds of errors that a server answers with, and what a person can do about each. */
public enum ServerErrorKind {
  /** The user may not do what a channel does. */
  RIGHTS,
  /** The server does not know who asks. */
  CREDENTIALS,
  /** The memory is full. */
  MEMORY,
  /** The server cannot save its data, and therefore takes no writes. */
  SAVING,
  /** The key of the log holds something else. */
  TYPE,
  /** Anything else. */
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

  /** Returns an answer with what a person can do about it. */
  public static String explained(String answer, String channel) {
    String sentence = answer.endsWith(".") ? answer : answer + ".";
    return sentence + " " + of(answer).remedy(RedisNames.of(channel, 0));
  }

  public String remedy(RedisNames name) {
    return switch (this) {
      case RIGHTS ->
          "Allow the user of this connection what a channel needs: ACL SETUSER <user> ~"
              + name.logKey()
              + " &"
              + name.channel()
              + " +eval +evalsha +xadd +xdel +xlen +xrange +xrevrange +xtrim +expire +info"
              + " +publish +subscribe +psubscribe +ping";
      case CREDENTIALS ->
          "Set spring.data.redis.username and spring.data.redis.password to a user of this server";
      case MEMORY ->
          "Give Redis more memory (maxmemory), or let it evict something (maxmemory-policy)";
      case SAVING ->
          "Let Redis save its data again (its own log names the reason), or turn off"
              + " stop-writes-on-bgsave-error";
      case TYPE ->
          "The key '"
              + name.logKey()
              + "' must be the log of this channel but holds other data, which is left alone. Rename"
              + " or delete that key, or use another name for the channel";
      case OTHER -> "See the documentation of Redis for this error";
    };
  }
}

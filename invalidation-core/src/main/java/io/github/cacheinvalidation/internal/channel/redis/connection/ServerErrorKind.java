package io.github.cacheinvalidation.internal.channel.redis.connection;

import java.util.List;
import java.util.regex.Pattern;

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
  /** The server is too old for a command of sharded Pub/Sub. */
  SHARDED,
  /** The server is a replica. */
  REPLICA,
  /** The server has fewer replicas than it needs to take writes. */
  TOO_FEW_REPLICAS,
  /** The server reads its data from the disk. */
  LOADING,
  /** The cluster has no master for some hash slots. */
  CLUSTER_DOWN,
  /** Any other error. */
  OTHER;

  /** Until Redis 7, the error of a script does not name the command that is unknown. */
  private static final Pattern UNKNOWN_COMMAND =
      Pattern.compile("(?i)unknown command '?`?s(subscribe|publish)|Unknown Redis command called");

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
    for (ServerErrorKind kind : values()) {
      if (kind.isNamedIn(answer)) {
        return kind;
      }
    }
    return UNKNOWN_COMMAND.matcher(answer).find() ? SHARDED : OTHER;
  }

  /** Before Redis 7, the error of a script contains the error code of its failed command. */
  private boolean isNamedIn(String answer) {
    return codes().stream()
        .anyMatch(code -> answer.startsWith(code) || answer.contains(" -" + code + " "));
  }

  /** Returns whether another server might not give this error. */
  boolean isOfWrongServer() {
    return !codes().isEmpty();
  }

  /** Returns the codes of an error that depends on the state of one server; otherwise none. */
  private List<String> codes() {
    return switch (this) {
      case REPLICA -> List.of("READONLY", "MASTERDOWN");
      case TOO_FEW_REPLICAS -> List.of("NOREPLICAS");
      case LOADING -> List.of("LOADING");
      case CLUSTER_DOWN -> List.of("CLUSTERDOWN");
      default -> List.of();
    };
  }

  /** Returns an answer followed by its remedy. */
  public static String explained(String answer, String channel) {
    String sentence = answer.endsWith(".") ? answer : answer + ".";
    return sentence + " " + of(answer).remedy(RedisNames.of(channel, 0));
  }

  /** Returns the answer to a subscription, followed by its remedy. */
  public static String explained(String answer, Topic topic) {
    return topic.pattern() && of(answer) == RIGHTS
        ? answer
            + ". Give the Redis user the right to this pattern, literally: ACL SETUSER <user> &"
            + topic.name()
            + " +psubscribe +ping"
        : explained(answer, topic.name());
  }

  public String remedy(RedisNames name) {
    return switch (this) {
      case RIGHTS ->
          "Give the Redis user the rights that a channel needs: ACL SETUSER <user> ~"
              + name.logKey()
              + " &"
              + name.channel()
              + " +eval +evalsha +xadd +xdel +xlen +xrange +xrevrange +xtrim +expire +info"
              + " +publish +subscribe +psubscribe +ping. The transport stream needs +xread too, and"
              + " sharded-pubsub +spublish and +ssubscribe. Redis 6.2 gives a new user all channels:"
              + " put resetchannels before the &";
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
      case SHARDED ->
          "The server is too old. Sharded Pub/Sub needs Redis 7 or Valkey: use such a server, or"
              + " set invalidation.transport to pubsub or stream on all nodes";
      case REPLICA ->
          "This server is a replica. The node looks for the master. If this error stays, let"
              + " spring.data.redis.* name the master, the Sentinels or the cluster";
      case TOO_FEW_REPLICAS ->
          "The server has fewer replicas than its min-replicas-to-write. Connect replicas to it, or"
              + " if another server is the master now, let spring.data.redis.* lead there";
      case LOADING -> "Wait until the server has loaded its data; the node tries again by itself";
      case CLUSTER_DOWN ->
          "This server sees no majority of the masters of its cluster, or no master for some hash"
              + " slots. Connect or start them; the node tries again by itself";
      case OTHER -> "See the documentation of Redis for this error";
    };
  }
}

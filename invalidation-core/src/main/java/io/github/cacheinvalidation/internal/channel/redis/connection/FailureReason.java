package io.github.cacheinvalidation.internal.channel.redis.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Describes a failure in one line. The useful reason (such as an unknown host or a wrong password)
 * is in the innermost exception; the outer exceptions only say that there is no connection. So the
 * description joins the messages of all causes.
 */
public final class FailureReason {

  private static final Pattern PLAIN_TO_ENCRYPTED =
      Pattern.compile("Invalid first byte|Unknown reply");

  private static final Pattern ENCRYPTED_TO_PLAIN = Pattern.compile("timed out|SSL|TLS");

  private static final int MOST_CAUSES = 10;

  private static final int LONGEST = 500;

  private FailureReason() {}

  /** Returns why there is no connection, with the remedy if it is known. */
  public static String ofNoConnection(Throwable failure, Driver driver, String channel) {
    String answer = driver.answerIn(failure);
    ServerErrorKind kind = answer == null ? ServerErrorKind.OTHER : ServerErrorKind.of(answer);
    if (answer != null && kind != ServerErrorKind.OTHER && !kind.isOfWrongServer()) {
      return ServerErrorKind.explained(answer, channel);
    }
    String reason = withServer(of(failure), driver.server());
    boolean encrypted = driver.encrypts();
    return (encrypted ? ENCRYPTED_TO_PLAIN : PLAIN_TO_ENCRYPTED).matcher(reason).find()
        ? reason
            + ". Encryption is "
            + (encrypted ? "on" : "off")
            + ": if that port speaks TLS, spring.data.redis.ssl.enabled must be true, else false"
        : reason;
  }

  private static String withServer(String reason, String server) {
    return server.isEmpty() || reason.contains(server) ? reason : reason + " (" + server + ")";
  }

  static String of(Throwable failure) {
    List<String> parts = new ArrayList<>();
    Throwable cause = failure;
    for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
      String message = cause.getMessage();
      String part = message == null ? cause.getClass().getSimpleName() : message.strip();
      if (parts.stream().noneMatch(outer -> outer.contains(part))) {
        parts.removeIf(part::contains);
        parts.add(part);
      }
      cause = cause.getCause();
    }
    String reason = String.join(": ", parts);
    return reason.length() <= LONGEST ? reason : reason.substring(0, LONGEST) + "...";
  }
}

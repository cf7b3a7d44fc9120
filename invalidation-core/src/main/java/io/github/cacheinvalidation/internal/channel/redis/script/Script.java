package io.github.cacheinvalidation.internal.channel.redis.script;

import io.github.cacheinvalidation.internal.channel.redis.connection.Connection;
import io.github.cacheinvalidation.internal.channel.redis.connection.ServerErrors;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A Lua script with one key. It is called by its digest; the text is sent only if the server does
 * not know the script yet.
 */
final class Script {

  private final byte[] text;
  private final String digest;
  private final ServerErrors errors;

  Script(String text, ServerErrors errors) {
    this.text = bytes(text);
    this.digest = digest(this.text);
    this.errors = errors;
  }

  @Nullable Object run(Connection connection, Connection.Reply reply, byte[]... keyAndArguments) {
    try {
      return connection.evalSha(digest, reply, keyAndArguments);
    } catch (RuntimeException failure) {
      String answer = errors.answerIn(failure);
      if (answer == null || !answer.startsWith("NOSCRIPT")) {
        throw failure;
      }
      return connection.eval(text, reply, keyAndArguments);
    }
  }

  /**
   * Starts the script by its digest without waiting; null if the client cannot do that. The server
   * may answer that it does not know the script.
   */
  @Nullable CompletionStage<?> begin(Connection connection, byte[]... keyAndArguments) {
    return connection.beginEvalSha(digest, keyAndArguments);
  }

  /** Returns an argument as it is on the wire. */
  static byte[] bytes(String argument) {
    return argument.getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the text of an element of an answer. */
  static String text(Object element) {
    return new String((byte[]) element, StandardCharsets.UTF_8);
  }

  private static String digest(byte[] script) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(script));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every Java platform has SHA-1", impossible);
    }
  }
}

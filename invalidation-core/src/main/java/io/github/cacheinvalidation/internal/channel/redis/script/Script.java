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
 * not know the script yet. From Redis 7 on, a flag allows the script to run while the memory is
 * full. Older servers refuse the flag and get the script without it.
 */
final class Script {

  private static final String ALLOW_OOM = "#!lua flags=allow-oom\n";

  /**
   * A text and its digest.
   *
   * @param text the text that the server compiles
   * @param digest the name by which the server knows the script afterwards
   */
  private record Form(byte[] text, String digest) {

    static Form of(String script) {
      byte[] text = script.getBytes(StandardCharsets.UTF_8);
      try {
        MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
        return new Form(text, HexFormat.of().formatHex(sha1.digest(text)));
      } catch (NoSuchAlgorithmException impossible) {
        throw new IllegalStateException("Every Java platform has SHA-1", impossible);
      }
    }
  }

  private final Form plain;
  private final ServerErrors errors;
  private volatile Form form;

  Script(String text, ServerErrors errors) {
    this.plain = Form.of(text);
    this.form = Form.of(ALLOW_OOM + text);
    this.errors = errors;
  }

  @Nullable Object run(Connection connection, Connection.Reply reply, byte[]... keyAndArguments) {
    Form current = form;
    try {
      return run(current, connection, reply, keyAndArguments);
    } catch (RuntimeException failure) {
      if (current.equals(plain) || !isFlagRefused(errors.answerIn(failure))) {
        throw failure;
      }
      form = plain;
      return run(plain, connection, reply, keyAndArguments);
    }
  }

  /**
   * Starts the script by its digest without waiting; null if the client cannot do that. The server
   * may answer that it does not know the script.
   */
  @Nullable CompletionStage<?> begin(Connection connection, byte[]... keyAndArguments) {
    return connection.beginEvalSha(form.digest(), keyAndArguments);
  }

  private @Nullable Object run(
      Form form, Connection connection, Connection.Reply reply, byte[]... keyAndArguments) {
    try {
      return connection.evalSha(form.digest(), reply, keyAndArguments);
    } catch (RuntimeException failure) {
      String answer = errors.answerIn(failure);
      if (answer == null || !answer.startsWith("NOSCRIPT")) {
        throw failure;
      }
      return connection.eval(form.text(), reply, keyAndArguments);
    }
  }

  /** Returns an argument as it is on the wire. */
  static byte[] bytes(String argument) {
    return argument.getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the text of an element of an answer. */
  static String text(Object element) {
    return new String((byte[]) element, StandardCharsets.UTF_8);
  }

  private static boolean isFlagRefused(@Nullable String answer) {
    return answer != null && (answer.contains("compiling script") || answer.contains("shebang"));
  }
}

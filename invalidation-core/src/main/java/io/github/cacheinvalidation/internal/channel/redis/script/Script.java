package io.github.cacheinvalidation.internal.channel.redis.script;

import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.ServerErrors;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.ReturnType;

/**
 * A Lua script with one key. It is called by its digest and sent whole only where the server does
 * not know it yet. From Redis 7 on it may run although the memory is full; older servers do not
 * know the line that says so, and get the script without it.
 */
final class Script {

  private static final String ALLOW_OOM = "#!lua flags=allow-oom\n";

  /**
   * A text and its digest.
   *
   * @param text what the server compiles
   * @param digest how it names it afterwards
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

  @Nullable Object run(RedisConnection connection, ReturnType type, byte[]... keyAndArguments) {
    Form current = form;
    try {
      return run(current, connection, type, keyAndArguments);
    } catch (RuntimeException failure) {
      if (current.equals(plain) || !isFlagRefused(errors.answerIn(failure))) {
        throw failure;
      }
      form = plain;
      return run(plain, connection, type, keyAndArguments);
    }
  }

  /** Begins to run it, where the driver can; the server may answer that it does not know it. */
  @Nullable CompletionStage<?> begin(
      Driver driver, RedisConnection connection, byte[]... keyAndArguments) {
    return driver.beginScript(connection, form.digest(), keyAndArguments);
  }

  private @Nullable Object run(
      Form form, RedisConnection connection, ReturnType type, byte[]... keyAndArguments) {
    try {
      return connection.scriptingCommands().evalSha(form.digest(), type, 1, keyAndArguments);
    } catch (RuntimeException failure) {
      String answer = errors.answerIn(failure);
      if (answer == null || !answer.startsWith("NOSCRIPT")) {
        throw failure;
      }
      return connection.scriptingCommands().eval(form.text(), type, 1, keyAndArguments);
    }
  }

  private static boolean isFlagRefused(@Nullable String answer) {
    return answer != null && (answer.contains("compiling script") || answer.contains("shebang"));
  }
}

package io.github.cacheinvalidation.internal.channel.redis.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.mock;

import io.github.cacheinvalidation.internal.channel.redis.connection.Connection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a script gets to servers that know it, that do not, and that do not know its first line. */
class ScriptTest {

  private static final String OLD_SERVER =
      "ERR Error compiling script (new function): user_script:1: unexpected symbol near '#'";

  private final Connection connection = mock();
  private final List<String> sent = new ArrayList<>();
  private final Script script = new Script("return 1", Throwable::getMessage);

  @BeforeEach
  void aServerThatKnowsNoScripts() {
    given(connection.evalSha(anyString(), any(), any(byte[][].class)))
        .willThrow(new IllegalStateException("NOSCRIPT No matching script."));
  }

  private void givenServer(boolean knowsFlags) {
    willAnswer(
            call -> {
              String text = new String(call.getArgument(0, byte[].class), StandardCharsets.UTF_8);
              sent.add(text);
              if (text.startsWith("#!") && !knowsFlags) {
                throw new IllegalStateException(OLD_SERVER);
              }
              return "done";
            })
        .given(connection)
        .eval(any(), any(), any(byte[][].class));
  }

  private @Nullable Object run() {
    return script.run(connection, Connection.Reply.BYTES, new byte[] {'k'});
  }

  @Test
  void aServerThatKnowsFlags_mayRunItWithoutFreeMemory() {
    givenServer(true);

    assertThat(run()).isEqualTo("done");

    assertThat(sent).containsExactly("#!lua flags=allow-oom\nreturn 1");
  }

  @Test
  void aServerThatRefusesFlags_getsThePlainScriptFromThenOn() {
    givenServer(false);

    assertThat(run()).isEqualTo("done");
    assertThat(run()).isEqualTo("done");

    assertThat(sent).containsExactly("#!lua flags=allow-oom\nreturn 1", "return 1", "return 1");
  }

  @Test
  void anotherError_isNotTriedAgain() {
    willAnswer(
            call -> {
              sent.add("once");
              throw new IllegalStateException(
                  "READONLY You can't write against a read only replica.");
            })
        .given(connection)
        .eval(any(), any(), any(byte[][].class));

    assertThatThrownBy(this::run).hasMessageStartingWith("READONLY");

    assertThat(sent).hasSize(1);
  }
}

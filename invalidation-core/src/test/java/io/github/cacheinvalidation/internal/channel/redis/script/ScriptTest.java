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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a script gets to servers that know it, and that do not. */
class ScriptTest {

  private final Connection connection = mock();
  private final List<String> sent = new ArrayList<>();
  private final Script script = new Script("return 1", Throwable::getMessage);

  @BeforeEach
  void aServerThatKnowsNoScripts() {
    given(connection.evalSha(anyString(), any(), any(byte[][].class)))
        .willThrow(new IllegalStateException("NOSCRIPT No matching script."));
  }

  private void givenAnswer(Supplier<String> answer) {
    willAnswer(
            call -> {
              sent.add(new String(call.getArgument(0, byte[].class), StandardCharsets.UTF_8));
              return answer.get();
            })
        .given(connection)
        .eval(any(), any(), any(byte[][].class));
  }

  private @Nullable Object run() {
    return script.run(connection, Connection.Reply.BYTES, new byte[] {'k'});
  }

  @Test
  void aServerThatDoesNotKnowTheScript_getsItsText() {
    givenAnswer(() -> "done");

    assertThat(run()).isEqualTo("done");

    assertThat(sent).containsExactly("return 1");
  }

  @Test
  void anotherError_isNotTriedAgain() {
    givenAnswer(
        () -> {
          throw new IllegalStateException("READONLY You can't write against a read only replica.");
        });

    assertThatThrownBy(this::run).hasMessageStartingWith("READONLY");

    assertThat(sent).hasSize(1);
  }
}

package io.github.cacheinvalidation.internal.channel.redis.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.architecture.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The script that docs/protocol.md gives to others is the one that nodes use. */
@Tag("source")
class PublishScriptDocumentationTest {

  @Test
  void documentedScript_isTheOneThatNodesUse() throws IOException {
    String page = Files.readString(Checkout.root().resolve("docs/protocol.md"));
    assertThat(page).contains("```lua\n" + PublishScript.TEXT + "```");
  }
}

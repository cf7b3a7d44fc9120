package io.github.cacheinvalidation.internal.channel.redis.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.architecture.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The script that other programs get, from docs/protocol.md and as a file, is the one that nodes
 * use. {@code -Dpages.update=true} writes the file anew.
 */
@Tag("source")
class PublishScriptDocumentationTest {

  @Test
  void documentedScript_isTheOneThatNodesUse() throws IOException {
    String page = Files.readString(Checkout.root().resolve("docs/protocol.md"));
    assertThat(page).contains("```lua\n" + PublishScript.TEXT + "```");
  }

  @Test
  void scriptOfTheExamples_isTheOneThatNodesUse() throws IOException {
    Path file = Checkout.root().resolve("docs/examples/publish.lua");
    if (Boolean.getBoolean("pages.update")) {
      Files.writeString(file, PublishScript.TEXT);
    }

    assertThat(Files.readString(file)).isEqualTo(PublishScript.TEXT);
  }
}

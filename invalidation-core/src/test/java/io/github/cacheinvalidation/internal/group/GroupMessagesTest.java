package io.github.cacheinvalidation.internal.group;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.InvalidationGroupHandler;
import io.github.cacheinvalidation.internal.channel.GroupLog;
import io.github.cacheinvalidation.internal.key.KeyTypes;
import io.github.cacheinvalidation.internal.message.MessageReader;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a handler gets of each form of message. */
@Tag("G10")
class GroupMessagesTest {

  private final KeyTypes types = new KeyTypes(List.of());

  private final GroupMessages messages =
      new GroupMessages(
          new MessageReader(List.of()),
          new KnownCaches() {
            @Override
            public @Nullable KeyTypes keyTypes(String cache) {
              return cache.equals("used") ? types : null;
            }

            @Override
            public Collection<String> names() {
              return List.of("used:more", "used");
            }
          });

  private @Nullable List<Invalidation.OfCache<InvalidationGroupHandler.Key>> stale(String body) {
    return messages.stale(new GroupLog.Entry("1-0", 1, false, body.getBytes(UTF_8)));
  }

  private static List<Invalidation.OfCache<InvalidationGroupHandler.Key>> key(
      String cache, String text, @Nullable Object value) {
    return List.of(
        new Invalidation.Keys<>(cache, List.of(new InvalidationGroupHandler.Key(text, value))));
  }

  private static String message(String caches) {
    return "{\"v\":1,\"body\":1,\"caches\":" + caches + "}";
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          7                                    | 7
          "seven"                              | seven
          true                                 | true
          null                                 | null
          {"uuid":"00000000-0000-0000-0000-000000000007"} | 00000000-0000-0000-0000-000000000007
          {"enum":["a.B","NORTH"]}             | NORTH
          {"codec":["sku","A-7"]}              | A-7
          {"key":[7,"a\\"b",null]}             | [7,"a\\"b",null]
          {"record":["a.R",[7,{"enum":["a.B","NORTH"]}]]} | [7,"NORTH"]
          {"object":["a.O",{"id":7,"on":true}]} | [7,true]
          {"set":[7,8]}                        | [7,8]
          [7,[8]]                              | [7,[8]]
          """)
  void key_hasTheSameTextWhetherOrNotItsTypeIsUsed(String wire, String text) {
    assertThat(stale(message("{\"absent\":[" + wire + "]}"))).isEqualTo(key("absent", text, null));
    assertThat(stale(message("{\"used\":[" + wire + "]}"))).isEqualTo(key("used", text, null));
  }

  @Test
  void key_hasAValue_ifItCanMeanOneKeyAlone() {
    types.register(1L);
    assertThat(stale(message("{\"used\":[7]}"))).isEqualTo(key("used", "7", 7L));
    assertThat(stale("{\"cache\":\"used\",\"key\":\"7\"}")).isEqualTo(key("used", "7", 7L));
    types.register("text");
    assertThat(stale("{\"cache\":\"used\",\"key\":\"7\"}")).isEqualTo(key("used", "7", null));
  }

  @Test
  void keyOfAnUnknownForm_standsForItsCache() {
    assertThat(stale(message("{\"used\":[7,{\"new\":[8]}]}")))
        .containsExactly(new Invalidation.Whole<>("used"));
    assertThat(stale(message("{\"used\":[[7,{\"new\":[8]}]]}")))
        .containsExactly(new Invalidation.Whole<>("used"));
  }

  @Test
  void wholeCaches_areHandedOverAsSuch() {
    assertThat(stale(message("{\"a\":\"*\",\"b\":\"*\"}")))
        .containsExactly(new Invalidation.Whole<>("a"), new Invalidation.Whole<>("b"));
    assertThat(stale("{\"v\":1,\"body\":2,\"caches\":{\"a\":{}}}"))
        .containsExactly(new Invalidation.Whole<>("a"));
  }

  @Test
  void prefixedKey_belongsToTheLongestKnownCache_elseToTheFirstPart() {
    assertThat(stale("{\"key\":\"used:more:7\"}")).isEqualTo(key("used:more", "7", null));
    assertThat(stale("{\"key\":\"other:more:7\"}")).isEqualTo(key("other", "more:7", null));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {"{\"cache\":\"*\"}", "{\"key\":\"7\"}", "no JSON", "{\"v\":2}"})
  void messageThatCanMeanAnyKey_isEverything(String body) {
    assertThat(stale(body)).isNull();
  }

  @Test
  void manyNumbers_areHandedOverEach() {
    List<Invalidation.OfCache<InvalidationGroupHandler.Key>> stale =
        stale("{\"cache\":\"absent\",\"keys\":[7,8,\"nine\"]}");

    assertThat(stale)
        .containsExactly(
            new Invalidation.Keys<>(
                "absent",
                List.of(
                    new InvalidationGroupHandler.Key("7", null),
                    new InvalidationGroupHandler.Key("8", null),
                    new InvalidationGroupHandler.Key("nine", null))));
  }
}

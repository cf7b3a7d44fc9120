package io.github.cacheinvalidation.internal.message;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.WireKey;
import io.github.cacheinvalidation.internal.key.WireKeyParser;
import io.github.cacheinvalidation.internal.key.WireValue;
import io.github.cacheinvalidation.internal.message.UnreadableMessageException.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The fields of one message. They are collected first and interpreted at the end, because they may
 * come in any order, and the meaning of a field depends on other fields.
 */
final class MessageFields {

  private static final Set<String> VALUES = Set.of("v", "from", "body", "cache", "key", "keys");

  private record CacheValue(String cache, WireKey value) {}

  private final byte[] payload;
  private final ChainFields chain;
  private final @Nullable String passedOver;
  private final Map<String, WireKey> values = new HashMap<>();
  private @Nullable List<CacheValue> caches;
  private Map<String, String> trace = Map.of();
  private Map<String, String> settings = Map.of();
  private boolean empty = true;
  private boolean understood;

  /** Collects fields, but no invalidations of messages with the origin {@code passedOver}. */
  MessageFields(Delivery delivery, @Nullable String passedOver) {
    this.payload = delivery.body();
    this.chain = new ChainFields(delivery);
    this.passedOver = passedOver;
  }

  /** Reads the parser's current field. */
  void read(String name, JsonParser json) throws UnreadableMessageException {
    empty &= ChainFields.isPositional(name);
    if (chain.read(name, json)) {
      return;
    }
    if (name.equals("caches")) {
      readCaches(json);
    } else if (name.equals(TextFields.TRACE) && trace.isEmpty()) {
      trace = TextFields.read(json);
    } else if (name.equals(TextFields.SETTINGS) && settings.isEmpty()) {
      settings = TextFields.read(json);
    } else if (!VALUES.contains(name)) {
      json.skipChildren();
    } else if (values.put(name, WireKeyParser.read(json)) != null) {
      throw malformed("field '" + name + "' appears twice");
    }
  }

  /** Returns whether the origin is {@code passedOver} and the place in the chain is known. */
  boolean arePassedOver() {
    return passedOver != null
        && values.get("from") instanceof WireValue.Text from
        && from.value().equals(passedOver)
        && chain.areKnown();
  }

  private void readCaches(JsonParser json) throws UnreadableMessageException {
    if (values.put("caches", WireValue.Null.NULL) != null) {
      throw malformed("field 'caches' appears twice");
    }
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    List<CacheValue> read = new ArrayList<>();
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String cache = json.currentName();
      json.nextToken();
      read.add(new CacheValue(cache, WireKeyParser.read(json)));
    }
    caches = read;
  }

  /** Interprets the fields as one of our own forms. */
  Message toMessage() throws UnreadableMessageException {
    Position position = chain.position();
    Position predecessor = chain.predecessor();
    WireKey from = values.get("from");
    String origin = from instanceof WireValue.Text text ? text.value() : null;
    WireKey version = values.get("v");
    List<Invalidation<WireKey>> invalidations;
    if (arePassedOver()) {
      invalidations = List.of();
    } else if (version != null) {
      invalidations = envelope(version, from);
    } else {
      understood = true;
      invalidations = empty ? List.of() : List.of(openForm());
    }
    return new Message(
        predecessor, position, chain.ahead(), origin, invalidations, trace, settings);
  }

  /** Returns whether an unreadable message may have a form that only the application knows. */
  boolean mayBeForeign() {
    return !values.containsKey("v");
  }

  /** Returns a message in a form of the application, with its place in the chain if it has one. */
  Message foreignMessage(List<Invalidation<WireKey>> invalidations)
      throws UnreadableMessageException {
    Position position = understood ? chain.position() : null;
    return new Message(
        position == null ? null : chain.predecessor(), position, null, null, invalidations);
  }

  private List<Invalidation<WireKey>> envelope(WireKey version, @Nullable WireKey from)
      throws UnreadableMessageException {
    BigInteger number = wholeNumber(version);
    if (number == null) {
      throw malformed("field 'v' must be a whole number");
    }
    if (!number.equals(BigInteger.ONE)) {
      throw new UnreadableMessageException(
          Kind.UNSUPPORTED_VERSION,
          "field 'v' must be 1, the only envelope version that this node reads",
          payload);
    }
    if (from != null && !(from instanceof WireValue.Text)) {
      throw malformed("field 'from' must be a string");
    }
    WireKey body = values.get("body");
    BigInteger format = body == null ? null : wholeNumber(body);
    if (format == null || format.signum() <= 0) {
      throw malformed("field 'body' must be a whole number from 1");
    }
    if (caches == null) {
      throw malformed("field 'caches' must be an object");
    }
    boolean newer = !format.equals(BigInteger.ONE);
    List<Invalidation<WireKey>> invalidations = new ArrayList<>(caches.size());
    for (CacheValue each : caches) {
      invalidations.add(newer ? new Invalidation.Newer<>(each.cache()) : known(each));
    }
    return invalidations;
  }

  private Invalidation<WireKey> known(CacheValue each) throws UnreadableMessageException {
    if (each.value() instanceof WireValue.Sequence keys) {
      return typedKeys(each.cache(), keys.elements());
    }
    if (isStar(each.value())) {
      return new Invalidation.Whole<>(each.cache());
    }
    throw malformed("each field of 'caches' must be a list of keys or \"*\"");
  }

  private Invalidation<WireKey> openForm() throws UnreadableMessageException {
    WireKey cache = values.get("cache");
    WireKey key = values.get("key");
    WireKey keys = values.get("keys");
    if (cache == null && keys == null && key instanceof WireValue.Text text) {
      return new Invalidation.Prefixed<>(text.value());
    }
    if (cache instanceof WireValue.Text name) {
      if (key == null && keys == null) {
        return isStar(name)
            ? new Invalidation.Everything<>()
            : new Invalidation.Whole<>(name.value());
      }
      if (!isStar(name) && keys == null && key != null && key != WireValue.Null.NULL) {
        return new Invalidation.OpenKeys<>(name.value(), List.of(key));
      }
      if (!isStar(name) && key == null && keys instanceof WireValue.Sequence sequence) {
        return openKeys(name.value(), sequence.elements());
      }
    }
    throw new UnreadableMessageException(
        Kind.UNKNOWN_FORM, "the JSON has none of the forms in docs/protocol.md", payload);
  }

  private static boolean isStar(WireKey value) {
    return value instanceof WireValue.Text text && text.value().equals("*");
  }

  private static @Nullable BigInteger wholeNumber(WireKey value) {
    if (value instanceof WireValue.Whole whole) {
      return BigInteger.valueOf(whole.value());
    }
    return value instanceof WireValue.BigWhole big ? big.value() : null;
  }

  private UnreadableMessageException malformed(String reason) {
    return new UnreadableMessageException(Kind.MALFORMED, reason, payload);
  }

  /** Returns typed keys of one cache; the whole cache if there are too many. */
  static Invalidation.OfCache<WireKey> typedKeys(String cache, List<WireKey> keys) {
    return WireKey.count(keys) > Invalidation.MOST_KEYS
        ? new Invalidation.Whole<>(cache)
        : new Invalidation.Keys<>(cache, keys);
  }

  /** Returns keys of a message of another program; the whole cache if there are too many. */
  static Invalidation.OfCache<WireKey> openKeys(String cache, List<WireKey> keys) {
    return keys.size() > Invalidation.MOST_OPEN_KEYS
        ? new Invalidation.Whole<>(cache)
        : new Invalidation.OpenKeys<>(cache, keys);
  }
}

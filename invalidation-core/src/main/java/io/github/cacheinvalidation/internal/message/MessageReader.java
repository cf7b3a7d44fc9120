package io.github.cacheinvalidation.internal.message;

import io.github.cacheinvalidation.ForeignMessageReader;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.Json;
import io.github.cacheinvalidation.internal.key.WireKey;
import io.github.cacheinvalidation.internal.key.WireValue;
import io.github.cacheinvalidation.internal.message.UnreadableMessageException.Kind;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;

/**
 * Reads messages, whoever sent them. It loads no class and takes a bounded amount of memory,
 * whatever the bytes. Safe for use by many threads if the readers of the application are.
 */
public final class MessageReader {

  /** How long a message may be, in bytes. */
  public static final int MAX_BYTES = 1 << 20;

  /** How long a message is at most that is announced, or applied by the thread that delivers it. */
  public static final int SHORT_BYTES = 1024;

  private static final Logger log = LoggerFactory.getLogger(MessageReader.class);

  private final List<ForeignMessageReader> foreign;

  /**
   * Creates a reader.
   *
   * @param foreign readers of the application for messages of other forms, asked in this order
   */
  public MessageReader(List<? extends ForeignMessageReader> foreign) {
    this.foreign = List.copyOf(foreign);
  }

  /**
   * Reads a message.
   *
   * @param payload the bytes as they were on the wire or in the log
   * @param open whether it came over a channel whose messages have no position, whatever they say
   * @return the message
   * @throws UnreadableMessageException if it cannot be read; nothing else is ever thrown
   */
  public Message read(byte[] payload, boolean open) throws UnreadableMessageException {
    Delivery delivery = ChainFields.cutOff(payload, open);
    return read(delivery.body(), new MessageFields(delivery, null));
  }

  /**
   * Reads a message that may be of a node whose keys are not of interest. Such a message is read no
   * further than its origin, if its place in the chain is known by then.
   *
   * @param delivery the message
   * @param passedOver the origin of messages whose caches are passed over
   * @return the message; of that origin, as nodes write it, without invalidations
   * @throws UnreadableMessageException if it cannot be read; nothing else is ever thrown
   */
  public Message readOthers(Delivery delivery, String passedOver)
      throws UnreadableMessageException {
    return read(delivery.body(), new MessageFields(delivery, passedOver));
  }

  private Message read(byte[] payload, MessageFields fields) throws UnreadableMessageException {
    refuseOversized(payload);
    UnreadableMessageException unreadable;
    try {
      parse(payload, fields);
      return fields.toMessage();
    } catch (UnreadableMessageException e) {
      unreadable = e;
    } catch (JacksonException e) {
      unreadable = malformed(describe(e), payload);
    } catch (RuntimeException | StackOverflowError e) {
      log.debug("A message broke the parser", e);
      unreadable = malformed("not to be parsed: " + e.getClass().getSimpleName(), payload);
    }
    if (fields.mayBeForeign()) {
      List<Invalidation<WireKey>> found = askForeign(payload);
      if (found != null) {
        return fields.foreignMessage(found);
      }
    }
    throw unreadable;
  }

  /**
   * Refuses a message that is too long, without looking into it.
   *
   * @param payload the bytes as they were on the wire
   * @throws UnreadableMessageException if they are more than {@link #MAX_BYTES}
   */
  public static void refuseOversized(byte[] payload) throws UnreadableMessageException {
    if (payload.length > MAX_BYTES) {
      throw new UnreadableMessageException(
          Kind.OVERSIZED,
          "a message of %d bytes is longer than %d".formatted(payload.length, MAX_BYTES),
          payload);
    }
  }

  private static String describe(JacksonException e) {
    TokenStreamLocation location = e.getLocation();
    return location == null
        ? "not JSON within the limits"
        : "not JSON within the limits at byte " + location.getByteOffset();
  }

  private static UnreadableMessageException malformed(String reason, byte[] payload) {
    return new UnreadableMessageException(Kind.MALFORMED, reason, payload);
  }

  private static void parse(byte[] payload, MessageFields fields)
      throws UnreadableMessageException {
    try (JsonParser json = Json.parser(payload)) {
      if (beginsWithAByteOrderMark(payload) || json.nextToken() != JsonToken.START_OBJECT) {
        throw malformed("not a JSON object", payload);
      }
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        json.nextToken();
        fields.read(name, json);
        if (fields.arePassedOver()) {
          return;
        }
      }
      if (json.nextToken() != null) {
        throw malformed("something follows the JSON object", payload);
      }
    }
  }

  /** The parser would skip it. */
  private static boolean beginsWithAByteOrderMark(byte[] payload) {
    return payload.length > 0 && payload[0] == (byte) 0xEF;
  }

  private @Nullable List<Invalidation<WireKey>> askForeign(byte[] payload) {
    for (ForeignMessageReader reader : foreign) {
      try {
        List<Invalidation.OfCache<Object>> found = reader.read(payload);
        if (found != null) {
          return found.stream().map(MessageReader::translate).toList();
        }
      } catch (Exception | LinkageError | StackOverflowError e) {
        log.debug("{} failed to read a message", reader.getClass().getName(), e);
      }
    }
    return null;
  }

  private static Invalidation<WireKey> translate(Invalidation.OfCache<Object> found) {
    if (found instanceof Invalidation.Keys<Object> given) {
      List<WireKey> keys = given.keys().stream().map(MessageReader::translateKey).toList();
      return MessageFields.openKeys(found.cache(), keys);
    }
    return new Invalidation.Whole<>(found.cache());
  }

  private static WireKey translateKey(Object key) {
    if (key instanceof String text) {
      return new WireValue.Text(text);
    }
    if (key instanceof Long
        || key instanceof Integer
        || key instanceof Short
        || key instanceof Byte) {
      return new WireValue.Whole(((Number) key).longValue());
    }
    return new WireValue.Local(Objects.requireNonNull(key, "a key must not be null"));
  }
}

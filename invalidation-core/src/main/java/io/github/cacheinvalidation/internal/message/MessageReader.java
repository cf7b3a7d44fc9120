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
 * Reads messages of all senders. Loads no class and uses a bounded amount of memory, whatever the
 * bytes are. Thread-safe if the readers of the application are.
 */
public final class MessageReader {

  /** The maximum length of a message, in bytes. */
  public static final int MAX_BYTES = 1 << 20;

  /** The maximum length, in bytes, of an announcement, or of a message that is applied inline. */
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
   * @param open whether it came over a channel whose messages never have a position
   * @return the message
   * @throws UnreadableMessageException if it cannot be read; no other exception is thrown
   */
  public Message read(byte[] payload, boolean open) throws UnreadableMessageException {
    return read(ChainFields.cutOff(payload, open));
  }

  /**
   * Reads a message with the invalidations of each sender.
   *
   * @param delivery the message
   * @return the message
   * @throws UnreadableMessageException if it cannot be read; no other exception is thrown
   */
  public Message read(Delivery delivery) throws UnreadableMessageException {
    return read(delivery.body(), new MessageFields(delivery, null));
  }

  /**
   * Reads a message and skips the invalidations of one origin. Parsing stops after that origin, if
   * the place in the chain is known by then.
   *
   * @param delivery the message
   * @param passedOver the origin whose invalidations are skipped
   * @return the message; without invalidations if it has that origin and the form that nodes write
   * @throws UnreadableMessageException if it cannot be read; no other exception is thrown
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
      log.debug("Parsing a message failed", e);
      unreadable = malformed("cannot be parsed: " + e.getClass().getSimpleName(), payload);
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
   * Refuses a message that is too long, without parsing it.
   *
   * @param payload the bytes as they were on the wire
   * @throws UnreadableMessageException if it has more than {@link #MAX_BYTES} bytes
   */
  public static void refuseOversized(byte[] payload) throws UnreadableMessageException {
    if (payload.length > MAX_BYTES) {
      throw new UnreadableMessageException(
          Kind.OVERSIZED,
          "the message has %d bytes, more than the %d allowed".formatted(payload.length, MAX_BYTES),
          payload);
    }
  }

  private static String describe(JacksonException e) {
    TokenStreamLocation location = e.getLocation();
    return location == null
        ? "not valid JSON, or over a limit of the parser"
        : "not valid JSON, or over a limit of the parser, at byte " + location.getByteOffset();
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
        throw malformed("there is data after the JSON object", payload);
      }
    }
  }

  /** Needed because the parser would skip a byte order mark. */
  private static boolean beginsWithAByteOrderMark(byte[] payload) {
    return payload.length > 0 && payload[0] == (byte) 0xEF;
  }

  private @Nullable List<Invalidation<WireKey>> askForeign(byte[] payload) {
    for (ForeignMessageReader reader : foreign) {
      try {
        List<Invalidation.OfCache<Object>> found = ask(reader, payload);
        if (found != null) {
          return found.stream().map(MessageReader::translate).toList();
        }
      } catch (Exception | LinkageError | StackOverflowError e) {
        log.debug("{} failed to read a message", reader.getClass().getName(), e);
      }
    }
    return null;
  }

  /** A reader gets one message at a time, although each channel of a node has its own thread. */
  private synchronized @Nullable List<Invalidation.OfCache<Object>> ask(
      ForeignMessageReader reader, byte[] payload) throws Exception {
    return reader.read(payload);
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

package io.github.cacheinvalidation.internal.message;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.cacheinvalidation.internal.key.WireKey;
import io.github.cacheinvalidation.internal.key.WireKeyParser;
import io.github.cacheinvalidation.internal.key.WireValue;
import io.github.cacheinvalidation.internal.message.UnreadableMessageException.Kind;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/**
 * The fields that place a message in the chain: {@code pos} and {@code prev}, which the script puts
 * before the body, or {@code ahead}, which an announcement has there instead. Only this class
 * writes and reads them. If they come first, they are cut off without parsing the body. In messages
 * of other senders they may be anywhere; then they are parsed with the body, in one pass.
 */
public final class ChainFields {

  private static final String POS = "{\"pos\":\"";

  private static final String PREV = "\",\"prev\":\"";

  private static final String AHEAD = "{\"ahead\":\"";

  private static final String END = "\"";

  private static final byte[] POS_BYTES = POS.getBytes(US_ASCII);

  private static final byte[] PREV_BYTES = PREV.getBytes(US_ASCII);

  private static final byte[] AHEAD_BYTES = AHEAD.getBytes(US_ASCII);

  private static final byte[] END_BYTES = END.getBytes(US_ASCII);

  /** More than the script writes. Limits the part that is cut off, for every sender. */
  private static final int LONGEST_TEXT = 128;

  private static final int NO = -1;

  private final Delivery delivery;

  private final Map<String, WireKey> values = new HashMap<>();

  /** Starts with the fields that were cut off; {@link #read} adds those in the body. */
  ChainFields(Delivery delivery) {
    this.delivery = delivery;
  }

  /**
   * Returns the Lua expression for the beginning of a message, with its place in the chain.
   *
   * @param position the Lua expression of its position
   * @param predecessor the Lua expression of its predecessor's position, or of an empty string
   */
  public static String inLua(String position, String predecessor) {
    return "'" + POS + "' .. " + position + " .. '" + PREV + "' .. " + predecessor + " .. '\"'";
  }

  /**
   * Returns an announcement.
   *
   * @param nonce the random id of the position that the message will have
   * @param body the message, a JSON object that is not empty
   */
  public static byte[] announcement(String nonce, byte[] body) {
    byte[] head = (AHEAD + nonce + END + ",").getBytes(US_ASCII);
    return ByteBuffer.allocate(head.length + body.length - 1)
        .put(head)
        .put(body, 1, body.length - 1)
        .array();
  }

  /**
   * Cuts off the fields of this class, if the message begins with them in the form that the script
   * or {@link #announcement} writes. Does not parse the rest.
   *
   * @param payload the bytes as they were on the wire
   * @param open whether the message has no position, whatever its fields say
   */
  public static Delivery cutOff(byte[] payload, boolean open) {
    Delivery cut = null;
    if (!open && payload.length <= MessageReader.MAX_BYTES) {
      cut = cutPosition(payload);
      if (cut == null && payload.length <= MessageReader.SHORT_BYTES) {
        cut = cutAnnouncement(payload);
      }
    }
    return cut == null ? Delivery.ofBody(payload, open) : cut;
  }

  private static @Nullable Delivery cutPosition(byte[] payload) {
    int pos = after(POS_BYTES, payload, 0);
    int posEnd = endOfText(payload, pos);
    int prev = after(PREV_BYTES, payload, posEnd);
    int prevEnd = endOfText(payload, prev);
    int rest = after(END_BYTES, payload, prevEnd);
    byte[] body = body(payload, rest, true);
    if (body == null) {
      return null;
    }
    Position position = position(text(payload, pos, posEnd));
    Position predecessor = position(text(payload, prev, prevEnd));
    boolean understood = position != null && (predecessor != null || prev == prevEnd);
    return understood ? new Delivery(position, predecessor, null, body, false) : null;
  }

  private static @Nullable Delivery cutAnnouncement(byte[] payload) {
    int ahead = after(AHEAD_BYTES, payload, 0);
    int aheadEnd = endOfText(payload, ahead);
    byte[] body = body(payload, after(END_BYTES, payload, aheadEnd), false);
    return body == null
        ? null
        : new Delivery(null, null, text(payload, ahead, aheadEnd), body, false);
  }

  /** Returns the remaining fields as an object; null if no field begins at this index. */
  private static byte @Nullable [] body(byte[] payload, int at, boolean mayBeEmpty) {
    if (at == NO || at >= payload.length) {
      return null;
    }
    boolean empty = mayBeEmpty && payload[at] == '}';
    boolean another = payload[at] == ',' && at + 1 < payload.length && payload[at + 1] == '"';
    if (!empty && !another) {
      return null;
    }
    byte[] body = Arrays.copyOfRange(payload, empty ? at - 1 : at, payload.length);
    body[0] = '{';
    return body;
  }

  private static int after(byte[] expected, byte[] payload, int at) {
    int end = at + expected.length;
    return at != NO
            && end <= payload.length
            && Arrays.equals(expected, 0, expected.length, payload, at, end)
        ? end
        : NO;
  }

  /** Returns the end of the longest text of position characters that begins at this index. */
  private static int endOfText(byte[] payload, int begin) {
    if (begin == NO) {
      return NO;
    }
    int end = begin;
    int last = Math.min(payload.length, begin + LONGEST_TEXT);
    while (end < last && isOfPosition(payload[end])) {
      end++;
    }
    return end;
  }

  private static boolean isOfPosition(byte character) {
    return (character >= 'a' && character <= 'z')
        || (character >= 'A' && character <= 'Z')
        || (character >= '0' && character <= '9')
        || character == '-'
        || character == '_'
        || character == '/';
  }

  private static String text(byte[] payload, int begin, int end) {
    return new String(payload, begin, end - begin, US_ASCII);
  }

  private static @Nullable Position position(String text) {
    return text.indexOf('/') > 0 ? Position.parse(text) : null;
  }

  /** Returns the length in bytes of a message in the form of the script or an announcement. */
  static int size(Delivery delivery) {
    Position position = delivery.position();
    Position predecessor = delivery.predecessor();
    String ahead = delivery.ahead();
    int body = delivery.body().length;
    if (position != null) {
      int texts = length(position) + (predecessor == null ? 0 : length(predecessor));
      int comma = body > 2 ? 1 : 0;
      return POS.length() + PREV.length() + END.length() + texts + comma + body - 1;
    }
    return ahead == null ? body : AHEAD.length() + END.length() + ahead.length() + body;
  }

  private static int length(Position position) {
    return position.entryId().length() + 1 + position.nonce().length();
  }

  /** Reads the parser's current field. Returns false if it is no field of this class. */
  boolean read(String name, JsonParser json) throws UnreadableMessageException {
    boolean positional = isPositional(name);
    boolean announcing = name.equals("ahead");
    if (!positional && !announcing) {
      return false;
    }
    if (delivery.open()) {
      json.skipChildren();
      return true;
    }
    boolean known =
        (positional && delivery.position() != null) || (announcing && delivery.ahead() != null);
    if (values.put(name, WireKeyParser.read(json)) != null || known) {
      throw malformed("field '" + name + "' appears twice");
    }
    return true;
  }

  /** Returns whether a field gives the position of the message or of its predecessor. */
  static boolean isPositional(String name) {
    return name.equals("pos") || name.equals("prev");
  }

  /** Returns whether the place in the chain is known without the rest of the body. */
  boolean areKnown() {
    return delivery.position() != null
        || delivery.ahead() != null
        || values.containsKey("ahead")
        || (values.containsKey("prev") && values.containsKey("pos"));
  }

  @Nullable Position position() throws UnreadableMessageException {
    WireKey value = values.get("pos");
    return value == null ? delivery.position() : parse("pos", value);
  }

  @Nullable Position predecessor() throws UnreadableMessageException {
    WireKey value = values.get("prev");
    if ((value == null) != (values.get("pos") == null)) {
      throw malformed("fields 'pos' and 'prev' must come together");
    }
    if (value == null || (value instanceof WireValue.Text text && text.value().isEmpty())) {
      return delivery.predecessor();
    }
    return parse("prev", value);
  }

  @Nullable String ahead() throws UnreadableMessageException {
    WireKey value = values.get("ahead");
    if (value == null && delivery.ahead() == null) {
      return null;
    }
    if (delivery.position() == null && !values.containsKey("pos")) {
      if (value == null) {
        return delivery.ahead();
      }
      if (value instanceof WireValue.Text text) {
        return delivery.body().length <= MessageReader.SHORT_BYTES ? text.value() : null;
      }
    }
    throw malformed("field 'ahead' must be a string, in a message without 'pos'");
  }

  private Position parse(String name, WireKey value) throws UnreadableMessageException {
    Position position = value instanceof WireValue.Text text ? position(text.value()) : null;
    if (position == null) {
      throw malformed("field '" + name + "' must be a string with a '/'");
    }
    return position;
  }

  private UnreadableMessageException malformed(String reason) {
    return new UnreadableMessageException(Kind.MALFORMED, reason, delivery.body());
  }
}

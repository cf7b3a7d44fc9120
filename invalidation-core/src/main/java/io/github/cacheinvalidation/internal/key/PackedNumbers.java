package io.github.cacheinvalidation.internal.key;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Many whole numbers as one element of a list of keys, {@code {"packed":"..."}}. This form is
 * shorter than the digits and faster to read. Each number is written as the difference from its
 * predecessor; the first number is written as it is. The encoding is {@code sint64} of Protocol
 * Buffers (zigzag, seven bits a byte, lowest bits first), then Base64 (RFC 4648, section 4). An
 * instance is confined to one thread.
 */
public final class PackedNumbers {

  static final String TAG = "packed";

  private static final byte[] BEGIN = "{\"packed\":\"".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] END = "\"}".getBytes(StandardCharsets.US_ASCII);

  private static final int LONGEST = 10;

  private static final int BITS = 7;

  private static final int MORE = 1 << BITS;

  private static final int LAST_SHIFT = (LONGEST - 1) * BITS;

  private byte[] bytes = new byte[256];

  private int length;

  private int count;

  private long previous;

  /** Adds a number. Differences have 64 bits and wrap around. */
  public void add(long number) {
    if (length + LONGEST > bytes.length) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }
    long difference = number - previous;
    long left = (difference << 1) ^ (difference >> (Long.SIZE - 1));
    while ((left & -MORE) != 0) {
      bytes[length++] = (byte) (left | MORE);
      left >>>= BITS;
    }
    bytes[length++] = (byte) left;
    previous = number;
    count++;
  }

  /** Returns how many numbers there are. */
  public int count() {
    return count;
  }

  /**
   * Returns the most bytes that {@link #toWire} can have after one more number, plus one byte for a
   * comma.
   */
  public int mostBytesWithOneMore() {
    return BEGIN.length + (length + LONGEST + 2) / 3 * 4 + END.length + 1;
  }

  /** Returns the JSON element for a list of keys. */
  public byte[] toWire() {
    byte[] text = Base64.getEncoder().encode(Arrays.copyOf(bytes, length));
    byte[] wire = Arrays.copyOf(BEGIN, BEGIN.length + text.length + END.length);
    System.arraycopy(text, 0, wire, BEGIN.length, text.length);
    System.arraycopy(END, 0, wire, BEGIN.length + text.length, END.length);
    return wire;
  }

  /**
   * Reads numbers.
   *
   * @param text the Base64 text
   * @param most the largest number of numbers accepted
   * @return the numbers; null if there are more, or if the text does not have this encoding
   */
  static long @Nullable [] read(String text, int most) {
    try {
      return read(Base64.getDecoder().decode(text), most);
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }

  private static long @Nullable [] read(byte[] bytes, int most) {
    int count = 0;
    for (byte each : bytes) {
      count += each >= 0 ? 1 : 0;
    }
    if (count > most || (bytes.length > 0 && bytes[bytes.length - 1] < 0)) {
      return null;
    }
    long[] numbers = new long[count];
    long previous = 0;
    int next = 0;
    for (int i = 0; i < count; i++) {
      long zigzag = 0;
      int shift = 0;
      byte part;
      do {
        part = bytes[next++];
        if (shift >= LAST_SHIFT && part != 0 && part != 1) {
          return null; // more than 64 bits
        }
        zigzag |= (part & (MORE - 1L)) << shift;
        shift += BITS;
      } while (part < 0);
      previous += (zigzag >>> 1) ^ -(zigzag & 1);
      numbers[i] = previous;
    }
    return numbers;
  }
}

package io.github.cacheinvalidation.internal.key;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Many whole numbers as one element of a list of keys, {@code {"packed":"..."}}: shorter than their
 * digits, and quicker to read. Each number is written as its difference from the one before it, the
 * first as itself, in the variable-length encoding of Protocol Buffers ({@code sint64}: zigzag, and
 * seven bits a byte, the lowest first); all of it in Base64 (RFC 4648, section 4). Confined to one
 * thread.
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

  /** Adds a number; differences are those of 64 bits, which wrap around. */
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
   * Returns how many bytes {@link #toWire} would have, and one for a comma, with one more number.
   */
  public int mostBytesWithOneMore() {
    return BEGIN.length + (length + LONGEST + 2) / 3 * 4 + END.length + 1;
  }

  /** Returns the element of the list. */
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
   * @param text the Base64
   * @param most how many numbers at most
   * @return the numbers; null if they are more, or if this is no such encoding
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

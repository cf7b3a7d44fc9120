package io.github.cacheinvalidation.rolling;

import java.math.BigInteger;

/** The formats that the next version reads. */
public final class NextFormat {

  private static final BigInteger NEWEST = BigInteger.TWO;

  private NextFormat() {}

  /** Called instead of the comparison of a format with the format of the present version. */
  public static boolean isRead(BigInteger format, Object present) {
    return format.equals(present) || format.equals(NEWEST);
  }
}

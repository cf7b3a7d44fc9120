package io.github.cacheinvalidation.wire;

import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Key types as an application has them, most of them not visible to the code that reads them. */
final class SampleKeys {

  static final KeyCodec<Sku> SKU = KeyCodec.of("sku", Sku.class, Sku::text, Sku::new);

  private SampleKeys() {}

  enum Region {
    NORTH,
    SOUTH {
      @Override
      boolean warm() {
        return true;
      }
    };

    boolean warm() {
      return false;
    }
  }

  /** A record whose component types do not all say what is in them. */
  record Price(long product, Region region, List<String> tags) {}

  /** A record whose component types say all. */
  record Point(int x, @Nullable Long y, Region region) {}

  record Outer(Point point, String name) {}

  record Any(@Nullable Object value) {}

  record Chain(int depth, @Nullable Chain next) {}

  @SuppressWarnings("JavaUtilDate") // applications have such keys
  record Moment(Date value) {}

  record Empty() {}

  record Positive(int value) {
    Positive {
      if (value <= 0) {
        throw new IllegalArgumentException("not positive");
      }
    }
  }

  private record Hidden(String secret) {}

  static Object hidden(String secret) {
    return new Hidden(secret);
  }

  static Class<?> hiddenType() {
    return Hidden.class;
  }

  /** A key class that nobody but a codec can write. */
  static final class Sku {

    private final String text;

    Sku(String text) {
      if (!text.matches("[A-Z]{2}-\\d+")) {
        throw new IllegalArgumentException("no SKU: " + text);
      }
      this.text = text;
    }

    String text() {
      return text;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Sku sku && sku.text.equals(text);
    }

    @Override
    public int hashCode() {
      return text.hashCode();
    }

    @Override
    public String toString() {
      return text;
    }
  }
}

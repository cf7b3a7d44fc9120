package io.github.cacheinvalidation.internal.key;

import io.github.cacheinvalidation.KeyCodec;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Key types as an application has them, most of them not visible to the code that reads them. */
public final class SampleKeys {

  static final KeyCodec<Sku> SKU = KeyCodec.of("sku", Sku.class, Sku::text, Sku::new);

  private SampleKeys() {}

  public enum Region {
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

  /** A record with component types that do not all name their content. */
  public record Price(long product, Region region, List<String> tags) {}

  /** A record with component types that name their content. */
  public record Point(int x, @Nullable Long y, Region region) {}

  public record Outer(Point point, String name) {}

  public record Any(@Nullable Object value) {}

  public record Chain(int depth, @Nullable Chain next) {}

  @SuppressWarnings("JavaUtilDate") // applications have such keys
  public record Moment(Date value) {}

  public record Empty() {}

  public record Positive(int value) {
    public Positive {
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

  /** A key class that only a codec can write. */
  public static final class Sku {

    private final String text;

    public Sku(String text) {
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

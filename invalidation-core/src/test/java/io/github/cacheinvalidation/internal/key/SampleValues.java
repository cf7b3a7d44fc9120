package io.github.cacheinvalidation.internal.key;

import io.github.cacheinvalidation.internal.key.SampleKeys.Region;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Immutable classes that are keys, as compilers and people write them. */
public final class SampleValues {

  private SampleValues() {}

  /** What Lombok makes of {@code @Value class Tariff}. */
  public static final class Tariff {

    private final long product;
    private final String language;
    private final @Nullable Region region;

    public Tariff(long product, String language, @Nullable Region region) {
      this.product = product;
      this.language = language;
      this.region = region;
    }

    public long getProduct() {
      return this.product;
    }

    public String getLanguage() {
      return this.language;
    }

    public @Nullable Region getRegion() {
      return this.region;
    }

    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Tariff other
          && getProduct() == other.getProduct()
          && Objects.equals(getLanguage(), other.getLanguage())
          && Objects.equals(getRegion(), other.getRegion());
    }

    @Override
    public int hashCode() {
      return Objects.hash(product, language, region);
    }

    @Override
    public String toString() {
      return "Tariff(product=" + product + ", language=" + language + ", region=" + region + ")";
    }
  }

  /** What Kotlin makes of {@code data class Slot(val day: LocalDate, val hours: List<Int>)}. */
  public static final class Slot {

    private final LocalDate day;
    private final List<Integer> hours;

    public Slot(LocalDate day, List<Integer> hours) {
      this.day = Objects.requireNonNull(day);
      this.hours = Objects.requireNonNull(hours);
    }

    /** Like Kotlin's constructor for default values, whose last parameter is a marker. */
    public Slot(LocalDate day, List<Integer> hours, int mask, @Nullable Void marker) {
      this(day, (mask & 2) != 0 ? List.of() : hours);
    }

    public final LocalDate component1() {
      return this.day;
    }

    public final List<Integer> component2() {
      return this.hours;
    }

    public final Slot copy(LocalDate day, List<Integer> hours) {
      return new Slot(day, hours);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other
          || (other instanceof Slot slot && day.equals(slot.day) && hours.equals(slot.hours));
    }

    @Override
    public int hashCode() {
      return day.hashCode() * 31 + hours.hashCode();
    }
  }

  /** A class that is not final, with a field of its superclass and one that it derives. */
  public static class Account {

    final String tenant;

    Account(String tenant) {
      this.tenant = tenant;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Account account && account.tenant.equals(tenant);
    }

    @Override
    public int hashCode() {
      return tenant.hashCode();
    }
  }

  public static class SubAccount extends Account {

    private final @Nullable Object number;
    private final String display;
    private transient int hash;

    SubAccount(String tenant, @Nullable Object number) {
      super(tenant);
      this.number = number;
      this.display = tenant + "/" + number;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof SubAccount account
          && super.equals(other)
          && Objects.equals(account.number, number);
    }

    @Override
    public int hashCode() {
      if (hash == 0) {
        hash = display.hashCode();
      }
      return hash;
    }

    @Override
    public String toString() {
      return display;
    }
  }

  /** Compares arrays by their elements, as Lombok does. */
  public static final class Digest {

    private final byte[] bytes;
    private final String[] names;

    Digest(byte[] bytes, String... names) {
      this.bytes = bytes;
      this.names = names;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Digest digest
          && Arrays.equals(digest.bytes, bytes)
          && Arrays.deepEquals(digest.names, names);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(bytes) + Arrays.deepHashCode(names);
    }
  }

  /** Names its parameters as nothing else is named. */
  public static final class Renamed {

    private final long product;
    private final String language;

    Renamed(long theProduct, String theLanguage) {
      this.product = theProduct;
      this.language = theLanguage;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Renamed renamed
          && renamed.product == product
          && renamed.language.equals(language);
    }

    @Override
    public int hashCode() {
      return Objects.hash(product, language);
    }
  }

  /** Equal to every object of its class, so it has no fields to send. */
  public static final class Unit {

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Unit;
    }

    @Override
    public int hashCode() {
      return 1;
    }
  }

  public record Holder(@Nullable Object value, Tariff tariff) {}
}

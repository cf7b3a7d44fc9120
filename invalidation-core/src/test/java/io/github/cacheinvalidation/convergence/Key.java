package io.github.cacheinvalidation.convergence;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A key of one of the two caches: a product, or a list of four products. Each product is in two
 * lists, so a product that changes makes three keys stale; they are told apart by their
 * <em>slots</em>, 0 for the product itself. A <em>canary</em> belongs to one transaction alone: it
 * is evicted in it, so that its way to the channel shows when the evictions of that transaction go.
 */
final class Key {

  static final int PRODUCTS = 24;

  /** Products from this number on are only put by hand. */
  static final int FIRST_BY_HAND = 20;

  static final int LISTS = 12;

  static final int SLOTS = 3;

  static final String PRODUCT_CACHE = "products";

  static final String LIST_CACHE = "lists";

  private static final int FIRST_OF_SECOND_KIND = LISTS / 2;

  private static final Key[] ALL_PRODUCTS =
      IntStream.range(0, PRODUCTS).mapToObj(id -> new Key('p', id, null)).toArray(Key[]::new);

  private static final Key[] ALL_LISTS =
      IntStream.range(0, LISTS).mapToObj(id -> new Key('l', id, null)).toArray(Key[]::new);

  private final char kind;

  private final long id;

  private final @Nullable StoreTransaction transaction;

  private final int[] products;

  private Key(char kind, long id, @Nullable StoreTransaction transaction) {
    this.kind = kind;
    this.id = id;
    this.transaction = transaction;
    this.products = productsOf(kind, (int) id);
  }

  private static int[] productsOf(char kind, int id) {
    if (kind == 'p') {
      return new int[] {id};
    }
    if (kind == 'l') {
      return IntStream.range(0, PRODUCTS).filter(product -> isIn(product, id)).toArray();
    }
    return new int[0];
  }

  private static boolean isIn(int product, int list) {
    return list == firstList(product) || list == secondList(product);
  }

  private static int firstList(int product) {
    return product % FIRST_OF_SECOND_KIND;
  }

  private static int secondList(int product) {
    return FIRST_OF_SECOND_KIND + product * FIRST_OF_SECOND_KIND / PRODUCTS;
  }

  static Key product(int id) {
    return ALL_PRODUCTS[id];
  }

  static Key list(int id) {
    return ALL_LISTS[id];
  }

  static Key canary(StoreTransaction transaction) {
    return new Key('c', transaction.number(), transaction);
  }

  /** Returns the key of a kind and number; a canary does not know its transaction any more. */
  static Key of(char kind, long id) {
    return switch (kind) {
      case 'p' -> product((int) id);
      case 'l' -> list((int) id);
      case 'c' -> new Key('c', id, null);
      default -> throw new IllegalArgumentException("No kind of key: " + kind);
    };
  }

  /** Returns the key that a product makes stale in a slot. */
  static Key stale(int product, int slot) {
    return switch (slot) {
      case 0 -> product(product);
      case 1 -> list(firstList(product));
      default -> list(secondList(product));
    };
  }

  char kind() {
    return kind;
  }

  long id() {
    return id;
  }

  String cache() {
    return kind == 'l' ? LIST_CACHE : PRODUCT_CACHE;
  }

  /** Returns in which slot of each of its products this key is. */
  int slot() {
    if (kind == 'p') {
      return 0;
    }
    return id < FIRST_OF_SECOND_KIND ? 1 : 2;
  }

  /** Returns the products whose versions the value of this key shows. */
  int[] products() {
    return products;
  }

  @Nullable StoreTransaction transaction() {
    return transaction;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Key key && key.kind == kind && key.id == id;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(id * 31 + kind);
  }

  @Override
  public String toString() {
    return (kind == 'p' ? "product " : kind == 'l' ? "list " : "canary ") + id;
  }
}

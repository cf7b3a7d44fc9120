package io.github.cacheinvalidation.sample;

/** Starts the shop from the command line, as {@code README.md} shows. */
public final class ShopApplication {

  private ShopApplication() {}

  /** Starts the shop and returns. The shop then runs until the process is stopped. */
  public static void main(String[] args) {
    try {
      Shop shop = Shop.configure(args);
      Runtime.getRuntime().addShutdownHook(new Thread(shop::close, "shop-close"));
      shop.open();
      System.out.println(shop.welcome());
    } catch (ShopStartException e) {
      System.err.println("The shop did not start. " + e.getMessage());
      System.exit(1);
    }
  }
}

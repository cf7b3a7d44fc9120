package io.github.cacheinvalidation.sample.page;

/**
 * The buttons that disturb the shop. Each says in a sentence what happened, and which promise that
 * shows.
 */
final class FaultActions {

  private final Shown shop;

  FaultActions(Shown shop) {
    this.shop = shop;
  }

  void cut(PageNode node, long product) {
    link(node).cut();
    shop.story()
        .say(
            node.title()
                + " is cut off from Redis. It goes on, and answers with entries up to "
                + shop.bound()
                + " after its last confirmation.",
            Promise.G4);
  }

  void connect(PageNode node, long product) {
    link(node).connect();
    shop.story()
        .say(node.title() + " reaches Redis again, and asks the log what it missed.", Promise.G3);
  }

  void stop(PageNode node, long product) {
    node.stop();
    shop.travels().forget(node.number());
    shop.story()
        .say(node.title() + " stopped. Its cache, threads and connections are gone.", Promise.G9);
  }

  void start(PageNode node, long product) {
    node.start();
    shop.story().say(node.title() + " started with an empty cache, and joined.", Promise.G3);
  }

  void stopRedis() {
    shop.ownRedis().stop();
    shop.story()
        .say(
            "Redis is stopped. The nodes go on; writes wait until Redis is back. No entry is served"
                + " later than "
                + shop.bound()
                + " after its last confirmation.",
            Promise.G4);
  }

  void startRedis() {
    shop.ownRedis().start();
    shop.story()
        .say(
            "Redis is back, and empty. The nodes publish what waited, and clear what they held from"
                + " before: once, within "
                + shop.bound()
                + ".",
            Promise.G3);
  }

  private static RedisLink link(PageNode node) {
    RedisLink link = node.link();
    if (link == null) {
      throw new RefusedActionException("This Redis was not started by the shop.");
    }
    return link;
  }
}

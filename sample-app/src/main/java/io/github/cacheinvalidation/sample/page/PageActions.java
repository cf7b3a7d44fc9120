package io.github.cacheinvalidation.sample.page;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the buttons of the page do. Safe for use by any thread; each method blocks until the action
 * is done.
 */
final class PageActions {

  private final Shown shop;
  private final SmallLoad load;
  private final Map<String, NodeAction> ofNodes;
  private final Map<String, Runnable> ofTheShop;

  PageActions(Shown shop, SmallLoad load, CacheActions caches, FaultActions faults) {
    this.shop = shop;
    this.load = load;
    ofNodes =
        Map.of(
            "read", caches::read,
            "price", caches::changePrice,
            "list", caches::list,
            "clear", caches::clear,
            "race", caches::race,
            "cut", faults::cut,
            "connect", faults::connect,
            "stop", faults::stop,
            "start", faults::start);
    ofTheShop =
        Map.of(
            "redis/stop", faults::stopRedis,
            "redis/start", faults::startRedis,
            "load/start", this::startLoad,
            "load/stop", this::stopLoad);
  }

  /**
   * Does what a button asks for.
   *
   * @param name the name of the action: {@code redis/stop}, or {@code read} with a node
   * @param node the number of the node; null if the action concerns the shop
   * @param product the product that the visitor has chosen
   * @throws RefusedActionException if that is not possible now
   */
  void perform(String name, @Nullable Integer node, long product)
      throws IOException, InterruptedException {
    if (node == null) {
      Runnable action = ofTheShop.get(name);
      if (action == null) {
        throw new RefusedActionException("There is no action " + name + ".");
      }
      action.run();
      return;
    }
    NodeAction action = ofNodes.get(name);
    PageNode chosen =
        shop.nodes().stream().filter(each -> each.number() == node).findFirst().orElse(null);
    if (action == null || chosen == null) {
      throw new RefusedActionException("There is no action " + name + " of node " + node + ".");
    }
    if (!chosen.isRunning() && !name.equals("start")) {
      throw new RefusedActionException("Node " + node + " is stopped. Start it first.");
    }
    action.perform(chosen, product);
  }

  private void startLoad() {
    load.start();
    shop.story().say("Forty reads and two price changes a second, on all nodes.", Promise.G2);
  }

  private void stopLoad() {
    load.stop();
    shop.story().say("The load has stopped.", null);
  }

  @FunctionalInterface
  private interface NodeAction {
    void perform(PageNode node, long product) throws IOException, InterruptedException;
  }
}

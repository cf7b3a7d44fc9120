package io.github.cacheinvalidation.sample.page;

import io.github.cacheinvalidation.sample.page.NodeClient.Answer;
import io.github.cacheinvalidation.sample.page.Travels.Arrival;
import io.github.cacheinvalidation.sample.page.Travels.Travel;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The buttons that read and write. Each says in a sentence what happened, and which promise that
 * shows.
 */
final class CacheActions {

  private static final Duration TRAVEL_PATIENCE = Duration.ofMillis(600);
  private static final int WARM_UP_ROUNDS = 3;
  private static final Duration WARM_UP_PATIENCE = Duration.ofSeconds(5);
  private static final int WARM_UP_END_MILLIS = 50;
  private static final BigDecimal DEAREST = new BigDecimal("99.00");
  private static final int SLOW_LOAD_MILLIS = 900;
  private static final int HEAD_START_MILLIS = 300;

  private final Shown shop;
  private final Executor executor;

  /**
   * @param executor runs the slow load that a write overtakes
   */
  CacheActions(Shown shop, Executor executor) {
    this.shop = shop;
    this.executor = executor;
  }

  /** Returns the price after the next change. */
  static BigDecimal next(BigDecimal price) {
    return price.compareTo(DEAREST) >= 0 ? new BigDecimal("9.90") : price.add(BigDecimal.ONE);
  }

  /**
   * Reads everywhere and writes on each node, without a change. The first messages of a JVM load
   * classes, which takes far longer than a message.
   */
  void warmUp() throws IOException, InterruptedException {
    PageState.Row row = shop.row(Database.SHOWN.get(0));
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      for (PageNode writer : shop.nodes()) {
        for (PageNode reader : shop.nodes()) {
          shop.client().read(reader, row.id(), 0);
        }
        shop.client().changePrice(writer, row.id(), row.price());
        Travel travel = shop.travels().newestFrom(writer.number());
        if (travel != null) {
          shop.travels().awaitAll(travel, WARM_UP_PATIENCE);
        }
      }
    }
    TimeUnit.MILLISECONDS.sleep(WARM_UP_END_MILLIS); // the list follows the product
    shop.travels().reset();
    shop.nodes().forEach(PageNode::resetCounts);
  }

  void read(PageNode node, long product) throws IOException, InterruptedException {
    Answer answer = shop.client().read(node, product, 0);
    String what = answer.name() + " at " + answer.price();
    boolean old = answer.price().compareTo(shop.row(product).price()) != 0;
    String oldPrice =
        node.title() + " still answers from its cache, with an old price: " + what + ". ";
    if (old && shop.canPublish(node)) {
      shop.story()
          .say(
              oldPrice
                  + "The invalidation has not arrived: the node that committed it keeps it until it"
                  + " reaches Redis.",
              Promise.G5);
    } else if (old) {
      shop.story()
          .say(
              oldPrice + "It does so for " + shop.bound() + " at most after its last confirmation.",
              Promise.G4);
    } else if (answer.cached()) {
      shop.story()
          .say(
              node.title() + " answered from its own cache: " + what + ". No network, no message.",
              Promise.G6);
    } else {
      shop.story()
          .say(
              node.title() + " loaded " + what + " from the database, and holds it now.",
              Promise.G6);
    }
  }

  void list(PageNode node, long product) throws IOException, InterruptedException {
    boolean cached = shop.client().list(node, PageNode.CATEGORY);
    shop.story()
        .say(
            node.title()
                + (cached
                    ? " answered with the list of coffee from its own cache."
                    : " loaded the list of coffee from the database. A price change evicts the list"
                        + " too."),
            Promise.G6);
  }

  void changePrice(PageNode node, long product) throws IOException, InterruptedException {
    Answer answer = shop.client().changePrice(node, product, next(shop.row(product).price()));
    Travel travel = shop.travels().newestFrom(node.number());
    String committed =
        node.title() + " committed " + answer.price() + " for " + answer.name() + ". ";
    if (travel == null) {
      shop.story().say(committed, Promise.G2);
      return;
    }
    shop.travels().awaitAll(travel, TRAVEL_PATIENCE);
    if (shop.canPublish(node)) {
      tell(committed, travel);
    } else {
      shop.story()
          .say(
              committed
                  + "It cannot reach Redis, so it keeps the invalidation. The other nodes may serve the"
                  + " old price until it is connected again.",
              Promise.G5);
    }
  }

  void clear(PageNode node, long product) throws InterruptedException {
    List<Integer> receivers =
        shop.nodes().stream().filter(PageNode::isRunning).map(PageNode::number).toList();
    Travel travel = shop.travels().begin(node.number(), "both caches", receivers);
    node.clearCaches();
    shop.travels().awaitAll(travel, TRAVEL_PATIENCE);
    tell(node.title() + " cleared both caches, on all nodes. ", travel);
  }

  /** A price change overtakes a slow load of the same product. */
  void race(PageNode node, long product) throws IOException, InterruptedException {
    PageNode writer =
        shop.nodes().stream()
            .filter(each -> each != node && each.isRunning() && shop.canPublish(each))
            .findFirst()
            .orElse(node);
    if (!shop.canPublish(node) || !shop.canPublish(writer)) {
      throw new RefusedActionException("Connect " + node.title() + " to Redis first.");
    }
    shop.client().changePrice(writer, product, next(shop.row(product).price()));
    Travel first = shop.travels().newestFrom(writer.number());
    if (first != null) {
      shop.travels().awaitAll(first, TRAVEL_PATIENCE);
    }
    long refusedBefore = refused(node);
    CompletableFuture<Answer> slow =
        CompletableFuture.supplyAsync(() -> slowRead(node, product), executor);
    TimeUnit.MILLISECONDS.sleep(HEAD_START_MILLIS);
    Answer changed = shop.client().changePrice(writer, product, next(shop.row(product).price()));
    Answer loaded = slow.join();
    String text =
        node.title()
            + " began a slow load of "
            + loaded.name()
            + " at "
            + loaded.price()
            + ". "
            + writer.title()
            + " changed it to "
            + changed.price()
            + " meanwhile. ";
    if (refused(node) > refusedBefore) {
      shop.story()
          .say(text + "The caller got its answer, but the old value was not cached.", Promise.G1);
    } else {
      shop.story().say(text + "The load was not overtaken this time.", null);
    }
  }

  private void tell(String begin, Travel travel) {
    List<Arrival> arrivals = shop.travels().arrivals(travel);
    String evicted =
        arrivals.stream()
            .filter(each -> each.micros() != null)
            .map(each -> "on node " + each.node() + " after " + time(each.micros()))
            .collect(Collectors.joining(", "));
    List<String> waiting =
        arrivals.stream()
            .filter(each -> each.micros() == null)
            .map(each -> "node " + each.node())
            .toList();
    List<String> parts = new ArrayList<>();
    if (!evicted.isEmpty()) {
      parts.add("Evicted " + evicted + ".");
    }
    if (!waiting.isEmpty()) {
      parts.add(
          "Not yet: "
              + String.join(", ", waiting)
              + ", which may serve old prices for "
              + shop.bound()
              + " at most.");
    }
    shop.story().say(begin + String.join(" ", parts), waiting.isEmpty() ? Promise.G2 : Promise.G4);
  }

  private Answer slowRead(PageNode node, long product) {
    try {
      return shop.client().read(node, product, SLOW_LOAD_MILLIS);
    } catch (IOException e) {
      throw new CompletionException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }

  private static long refused(PageNode node) {
    PageNode.Counts counts = node.look(List.of()).counts();
    return counts == null ? 0 : counts.events().refused();
  }

  private static String time(@Nullable Long micros) {
    if (micros == null) {
      return "?";
    }
    if (micros < 1000) {
      return micros + " µs";
    }
    return micros < 1_000_000
        ? String.format(Locale.ROOT, micros < 10_000 ? "%.1f ms" : "%.0f ms", micros / 1e3)
        : String.format(Locale.ROOT, "%.1f s", micros / 1e6);
  }
}

package io.github.cacheinvalidation.sample.page;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Some visitors of the shop: forty reads and two price changes a second, until it is stopped. */
final class SmallLoad {

  private static final Logger log = LoggerFactory.getLogger(SmallLoad.class);

  private static final int PAUSE_MILLIS = 25;
  private static final int READS_PER_WRITE = 20;

  private final List<PageNode> nodes;
  private final Database database;
  private final NodeClient client;
  private final ScheduledExecutorService timer;
  private @Nullable ScheduledFuture<?> task;
  private int requests;

  SmallLoad(
      List<PageNode> nodes, Database database, NodeClient client, ScheduledExecutorService timer) {
    this.nodes = nodes;
    this.database = database;
    this.client = client;
    this.timer = timer;
  }

  synchronized boolean isRunning() {
    return task != null;
  }

  synchronized void start() {
    if (task == null) {
      task = timer.scheduleWithFixedDelay(this::request, 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  synchronized void stop() {
    if (task != null) {
      task.cancel(false);
      task = null;
    }
  }

  private void request() {
    List<PageNode> running = nodes.stream().filter(PageNode::isRunning).toList();
    if (running.isEmpty()) {
      return;
    }
    ThreadLocalRandom random = ThreadLocalRandom.current();
    PageNode node = running.get(random.nextInt(running.size()));
    long product = Database.SHOWN.get(random.nextInt(Database.SHOWN.size()));
    try {
      if (requests++ % READS_PER_WRITE == 0) {
        var row = database.row(product);
        if (row.isPresent()) {
          client.changePrice(node, product, CacheActions.next(row.get().price()));
        }
      } else {
        client.read(node, product, 0);
      }
    } catch (IOException | RuntimeException e) { // the visitor may have stopped the node meanwhile
      log.debug("A request of the small load failed.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

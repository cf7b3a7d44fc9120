package io.github.cacheinvalidation.sample.page;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The page of the shop and the nodes that it shows. The page outlives its nodes, so it has a web
 * server of its own, on the loopback interface. Safe for use by any thread.
 */
public final class ShopPage implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ShopPage.class);

  private static final int LOOK_MILLIS = 100;
  private static final int LOOKS_UNTIL_WARNING = 50;

  private final @Nullable RedisSwitch redis;
  private final Duration bound;
  private final List<PageNode> nodes = new CopyOnWriteArrayList<>();
  private final Travels travels = new Travels();
  private final Story story = new Story();
  private final Database database = new Database(nodes);
  private final NodeEvents events = new Narrator(nodes, travels, story);
  private final StateFeed feed = new StateFeed();
  private final NodeClient client = new NodeClient();
  private final JsonMapper json = new JsonMapper();
  private final ExecutorService requests = Executors.newCachedThreadPool(daemons("page"));
  private final ScheduledExecutorService timer =
      Executors.newScheduledThreadPool(2, daemons("page-timer"));
  private final SmallLoad load;
  private final PageServer server;
  private volatile @Nullable Future<?> looking;
  private int failedLooks;

  private ShopPage(@Nullable RedisSwitch redis, Duration bound, int port) throws IOException {
    this.redis = redis;
    this.bound = bound;
    this.server = PageServer.bind(port, feed, this::look);
    this.load = new SmallLoad(nodes, database, client, timer);
  }

  /**
   * Takes a port for the page. {@link #serve} shows the page there.
   *
   * @param port 0 for port 8080 or, if that is in use, any free port
   * @param redis the Redis of the shop; null if the page must leave it alone
   * @param bound the staleness bound of the nodes
   * @throws IOException if the port is in use
   */
  public static ShopPage open(int port, @Nullable RedisSwitch redis, Duration bound)
      throws IOException {
    return new ShopPage(redis, bound, port);
  }

  /** Returns the address of the page. */
  public URI address() {
    return server.address();
  }

  /**
   * Starts a node, and returns when it answers requests. If the shop has its own Redis, the node
   * reaches it through a link that a visitor can cut.
   *
   * @param port the port of the node
   * @param args the command line of the node, without the port of Redis
   */
  public void startNode(int port, List<String> args) {
    RedisLink link = redis == null ? null : new RedisLink(redis.port());
    List<String> own = new ArrayList<>(args);
    if (link != null) {
      own.add("--spring.data.redis.port=" + link.port());
    }
    PageNode node = new PageNode(nodes.size() + 1, port, own, link, events, address());
    nodes.add(node);
    node.start();
  }

  /** Begins to answer, after all nodes have started. */
  public void serve() {
    story.say(
        "Each node keeps products in a cache of its own. Read one on every node, then change its"
            + " price on one of them.",
        null);
    Shown shown =
        new Shown(nodes, redis, database, travels, story, client, bound.toSeconds() + " s");
    CacheActions caches = new CacheActions(shown, requests);
    warmUp(caches);
    server.serve(new PageActions(shown, load, caches, new FaultActions(shown)), requests);
    looking = timer.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Takes the page away, then stops the nodes in reverse order. */
  @Override
  public void close() {
    server.close();
    load.stop();
    Future<?> last = looking;
    if (last != null) {
      last.cancel(false);
    }
    timer.shutdownNow();
    requests.shutdownNow();
    for (int index = nodes.size() - 1; index >= 0; index--) {
      PageNode node = nodes.get(index);
      try {
        node.stop();
      } catch (RuntimeException e) {
        log.error("Node {} failed to stop.", node.number(), e);
      }
      RedisLink link = node.link();
      if (link != null) {
        link.close();
      }
    }
  }

  private static void warmUp(CacheActions caches) {
    try {
      caches.warmUp();
    } catch (IOException | RuntimeException e) { // only the first figure suffers
      log.debug("Could not warm up.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void look() {
    if (!feed.isWatched()) {
      return;
    }
    try {
      feed.offer(json.writeValueAsString(state()));
      failedLooks = 0;
    } catch (RuntimeException e) { // usually a node is being stopped; the next look succeeds
      if (++failedLooks == LOOKS_UNTIL_WARNING) {
        log.warn("The page shows an old state, because the nodes cannot be looked at.", e);
      }
    }
  }

  private PageState state() {
    RedisSwitch server = redis;
    return new PageState(
        bound.toMillis(),
        load.isRunning(),
        server == null ? null : new PageState.Redis(server.isRunning(), server.port()),
        travels.medianMicros(),
        database.rows(),
        nodes.stream().map(node -> node.look(Database.SHOWN)).toList(),
        travels.newestFirst(),
        story.newestFirst());
  }

  private static ThreadFactory daemons(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}

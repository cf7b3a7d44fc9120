package io.github.cacheinvalidation.internal.channel.redis.lettuce;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.models.partitions.Partitions;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A client of a cluster that has the state of the cluster from {@link ClusterState}, also if
 * Lettuce asks for it because of the application's options. It connects only after the first
 * refresh.
 */
final class ClusterClient extends RedisClusterClient {

  private final ClusterState state;
  private final Predicate<RedisClusterNode> wanted;
  private @Nullable Thread refreshing;
  private boolean closing;

  ClusterClient(
      ClientResources resources,
      List<RedisURI> seeds,
      ClusterClientOptions options,
      ClusterState state) {
    super(resources, seeds);
    setOptions(options);
    setPartitions(new Partitions());
    this.state = state;
    this.wanted = options.getNodeFilter();
  }

  /** Waits. Connections that exist get the new state too. */
  @Override
  public void refreshPartitions() {
    getPartitions().reload(state.ask().stream().filter(wanted).toList());
    updatePartitionsInConnections();
  }

  /** On a thread of its own, because the refresh waits. A failure is left to the node to log. */
  @Override
  public synchronized CompletionStage<Void> refreshPartitionsAsync() {
    return closing
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.runAsync(this::refreshPartitions, this::start)
            .exceptionally(failure -> null);
  }

  private synchronized void start(Runnable refresh) {
    Thread thread = new Thread(refresh, "cache-invalidation-cluster");
    thread.setDaemon(true);
    thread.start();
    refreshing = thread;
  }

  /** Lets Lettuce begin no refresh any more, and waits for the one that runs. */
  void endRefreshes(Duration longest) {
    Thread running = lastRefresh();
    try {
      if (running != null) {
        running.join(longest.toMillis());
        running.interrupt();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized @Nullable Thread lastRefresh() {
    closing = true;
    return refreshing;
  }
}

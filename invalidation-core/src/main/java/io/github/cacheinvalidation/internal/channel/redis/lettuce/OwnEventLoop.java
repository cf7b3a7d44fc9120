package io.github.cacheinvalidation.internal.channel.redis.lettuce;

import io.lettuce.core.resource.DefaultEventLoopGroupProvider;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * One event-loop thread for all connections of a node. After a write, its reply, its own message
 * and messages of other nodes arrive here; with more threads, each would have to be woken. The
 * thread is not one of the application's, because messages are applied on it.
 */
final class OwnEventLoop extends DefaultEventLoopGroupProvider {

  private static final int THREADS = 1;

  private volatile @Nullable EventExecutor loop;

  OwnEventLoop() {
    super(THREADS, OwnEventLoop::threads);
  }

  private static ThreadFactory threads(String pool) {
    return new DefaultThreadFactory("cache-invalidation-" + pool, true);
  }

  @Override
  public <T extends EventLoopGroup> T allocate(Class<T> type) {
    T group = super.allocate(type);
    loop = group.next();
    return group;
  }

  /** Runs a task on the thread. Returns false if the thread does not exist or has ended. */
  boolean tryExecute(Runnable task) {
    EventExecutor present = loop;
    if (present == null) {
      return false;
    }
    try {
      present.execute(task);
      return true;
    } catch (RejectedExecutionException ended) {
      return false;
    }
  }
}

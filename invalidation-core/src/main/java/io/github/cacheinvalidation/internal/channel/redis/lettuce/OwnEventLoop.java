package io.github.cacheinvalidation.internal.channel.redis.lettuce;

import io.lettuce.core.resource.DefaultEventLoopGroupProvider;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * One thread for all connections of a node: what a quiet write sets going here is the reply, its
 * own message, and the messages of others, and each further thread would have to be woken for it.
 * It is not one of the application's, since messages are applied on it.
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

  /** Has a task run on the thread; returns false if there is none, or none any more. */
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

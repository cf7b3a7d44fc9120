package io.github.cacheinvalidation.internal.channel.redis.lettuce;

import io.netty.util.Timeout;
import io.netty.util.Timer;
import io.netty.util.TimerTask;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The application's timer, for a client that ends before it. Lettuce watches the login of each
 * connection, and goes on watching where there was no connection at all. After the client has ended
 * that would only log an error, since the event loop is gone.
 */
final class ClosableTimer implements Timer {

  private final Timer application;
  private volatile boolean ended;

  ClosableTimer(Timer application) {
    this.application = application;
  }

  @Override
  public Timeout newTimeout(TimerTask task, long delay, TimeUnit unit) {
    return application.newTimeout(
        timeout -> {
          if (!ended) {
            task.run(timeout);
          }
        },
        delay,
        unit);
  }

  /** From now on nothing is run; the application's timer goes on. */
  @Override
  public Set<Timeout> stop() {
    ended = true;
    return Set.of();
  }
}

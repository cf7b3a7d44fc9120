package io.github.cacheinvalidation.internal.channel.redis.lettuce;

import io.netty.util.Timeout;
import io.netty.util.Timer;
import io.netty.util.TimerTask;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Wraps the application's timer for a client that ends before the timer does. Lettuce schedules a
 * timeout for the login of each connection, even if the connection fails. If that timeout ran after
 * the end of the client, it would only log an error, because the event loop is gone.
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

  /** From now on no task of this client runs. The application's timer continues. */
  @Override
  public Set<Timeout> stop() {
    ended = true;
    return Set.of();
  }
}

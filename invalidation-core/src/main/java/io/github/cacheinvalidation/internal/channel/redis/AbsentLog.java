package io.github.cacheinvalidation.internal.channel.redis;

import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.MessageLog;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.message.Position;
import org.jspecify.annotations.Nullable;

/**
 * Stands for the log of a topic that never has one.
 *
 * @param keepFeedAlive runs with each check
 */
record AbsentLog(Runnable keepFeedAlive) implements MessageLog {

  @Override
  public @Nullable Tip findTip() {
    keepFeedAlive.run();
    return null;
  }

  @Override
  public boolean answersAtOnce() {
    return true;
  }

  @Override
  public Tip tip() {
    throw absent();
  }

  @Override
  public LogPage read(Position from, int limit) {
    throw absent();
  }

  @Override
  public void append(Publication publication) {
    throw absent();
  }

  private static UnsupportedOperationException absent() {
    return new UnsupportedOperationException("This topic has no log");
  }
}

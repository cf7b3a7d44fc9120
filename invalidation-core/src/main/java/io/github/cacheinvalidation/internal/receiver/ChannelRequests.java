package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.internal.message.Position;

/** The receiver's requests to the channel. Each call returns at once; an event is the answer. */
interface ChannelRequests {

  /** Ends the current subscription, if there is one, and starts another. */
  void subscribe(long subscription);

  void check(Event.Check check);

  void read(long reading, Position from);
}

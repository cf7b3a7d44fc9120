package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.internal.message.Position;

/** What the receiver asks for; each call returns at once, and the answer comes as an event. */
interface ChannelRequests {

  /** Ends the subscription that there is, if there is one, and begins another. */
  void subscribe(long subscription);

  void check(Event.Check check);

  void read(long reading, Position from);
}

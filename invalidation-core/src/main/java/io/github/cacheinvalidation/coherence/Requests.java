package io.github.cacheinvalidation.coherence;

import io.github.cacheinvalidation.wire.Position;

/** What the receiver asks for; each call returns at once, and the answer comes as an event. */
interface Requests {

  /** Ends the subscription that there is, if there is one, and begins another. */
  void subscribe(long subscription);

  void check(Event.Check check);

  void read(long reading, Position from);
}

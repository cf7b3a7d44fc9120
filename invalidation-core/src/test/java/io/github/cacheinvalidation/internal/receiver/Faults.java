package io.github.cacheinvalidation.internal.receiver;

/** How likely each fault is; the network of a simulation asks this at each step. */
record Faults(
    double drop,
    double duplicate,
    double reorder,
    double overflow,
    double lose,
    double deafen,
    double failSubscribe,
    double failCheck,
    double failRead) {

  static final Faults NONE = new Faults(0, 0, 0, 0, 0, 0, 0, 0, 0);

  static final Faults MANY = new Faults(.02, .02, .02, .002, .002, .001, .2, .1, .1);
}

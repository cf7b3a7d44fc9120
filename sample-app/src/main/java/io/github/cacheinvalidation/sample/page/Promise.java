package io.github.cacheinvalidation.sample.page;

/** The promises of the library that the page shows. {@code docs/guarantees.md} defines them. */
enum Promise {
  G1("No resurrection"),
  G2("After commit"),
  G3("No silent loss"),
  G4("Bounded staleness"),
  G5("No lost write"),
  G6("Reads do not broadcast"),
  G9("Nothing is left behind");

  private final String title;

  Promise(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}

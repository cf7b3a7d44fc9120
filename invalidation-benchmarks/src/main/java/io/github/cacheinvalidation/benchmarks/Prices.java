package io.github.cacheinvalidation.benchmarks;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;

/** What each promise costs: our implementation against the same without the promise. */
final class Prices {

  private Prices() {}

  static List<Row> measure(Server server, Options options) throws RunnerException {
    List<Row> rows = new ArrayList<>(new JmhFigures().prices(options));
    List<OurFleet> fleets = CheapChannel.fleets(server, 2);
    try {
      Throughput throughput =
          new Throughput(Throughput.Order.NUMBERED, Long::valueOf, 1, options.seconds(0.4));
      List<double[]> rates = throughput.measure(fleets, options.rounds());
      for (int i = 1; i < fleets.size(); i++) {
        String what = i == 1 ? "price of the chain" : "price of log and chain";
        rows.add(
            Row.ratio(what + " (throughput)", "keys/s", rates.get(0), rates.get(i), Target.none()));
      }
    } finally {
      fleets.forEach(OurFleet::close);
    }
    return rows;
  }
}

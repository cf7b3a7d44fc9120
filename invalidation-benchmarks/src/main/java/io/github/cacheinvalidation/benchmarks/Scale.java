package io.github.cacheinvalidation.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/** Keys per second by number of receivers and by key size. Writes docs/scale.svg. */
final class Scale {

  private static final int[] RECEIVERS = {2, 4, 8, 16};

  private static final int[] KEY_SIZES = {8, 64, 1024};

  private final List<Row> rows = new ArrayList<>();

  List<Row> measure(Server server, Options options) throws IOException {
    SvgChart chart = new SvgChart("Keys invalidated per second");
    List<String> receivers = new ArrayList<>();
    List<double[]> rates = new ArrayList<>();
    for (int count : RECEIVERS) {
      receivers.add(String.valueOf(count));
      rates.add(rates(server, options, count, 8, "scale " + count + " receivers"));
    }
    chart.panel("keys/s against receivers (text keys of 8 bytes)", receivers, lines(rates));
    List<String> sizes = new ArrayList<>();
    rates = new ArrayList<>();
    for (int size : KEY_SIZES) {
      sizes.add(size + " B");
      rates.add(rates(server, options, 2, size, "scale " + size + " B"));
    }
    chart.panel("keys/s against the size of text keys (2 receivers)", sizes, lines(rates));
    Path file =
        options.module().resolve(options.quick() ? "target/scale.svg" : "../docs/scale.svg");
    Files.createDirectories(file.toAbsolutePath().normalize().getParent());
    Files.writeString(file, chart.svg());
    return rows;
  }

  private double[] rates(
      Server server, Options options, int receivers, int keySize, String figure) {
    LongFunction<Object> keys = number -> text(number, keySize);
    Throughput throughput =
        new Throughput(Throughput.Order.NUMBERED, keys, 1, options.seconds(0.3));
    try (OurFleet ours = OurFleet.overRedis(server, receivers);
        RawFleet raw = new RawFleet(server, receivers, false)) {
      List<double[]> measured = throughput.measure(List.of(ours, raw), options.rounds());
      Row row = Row.ratio(figure, "keys/s", measured.get(0), measured.get(1), Target.none());
      rows.add(row);
      return new double[] {row.ours(), row.other()};
    }
  }

  private static String text(long number, int size) {
    String digits = String.valueOf(number);
    return "k" + "0".repeat(Math.max(0, size - 1 - digits.length())) + digits;
  }

  private static List<SvgChart.Line> lines(List<double[]> rates) {
    return List.of(
        new SvgChart.Line("ours", rates.stream().mapToDouble(pair -> pair[0]).toArray()),
        new SvgChart.Line("raw batches", rates.stream().mapToDouble(pair -> pair[1]).toArray()));
  }
}

package io.github.cacheinvalidation.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.springframework.cache.Cache;

/** The time that a write takes for its caller, against a publish that waits for Redis. */
final class WriteCall {

  private static final int PENDING_AT_MOST = 20_000;

  private long nextKey = 1;

  List<Row> measure(Server server, Options options) {
    int samples = options.quick() ? 1000 : 5000;
    try (OurFleet ours = OurFleet.overRedis(server, 1);
        BlockingFleet blocking = new BlockingFleet(server, 1)) {
      Cache cache = ours.writer().cache();
      Runnable pace = () -> awaitPending(ours, PENDING_AT_MOST);
      Runnable quiet =
          () -> {
            awaitPending(ours, 0);
            LockSupport.parkNanos(300_000);
          };
      List<Samples> busy = new ArrayList<>();
      List<Samples> alone = new ArrayList<>();
      List<Samples> other = new ArrayList<>();
      List<Samples> otherAlone = new ArrayList<>();
      for (int round = -2; round < options.rounds(); round++) {
        Samples busyRound = round(cache::evict, pace, 100, samples * 10);
        Samples aloneRound = round(cache::evict, quiet, 1, samples / 5);
        Samples otherRound = round(blocking::publish, () -> {}, 100, samples);
        Samples otherAloneRound =
            round(blocking::publish, () -> LockSupport.parkNanos(300_000), 1, samples / 5);
        if (round >= 0) {
          busy.add(busyRound);
          alone.add(aloneRound);
          other.add(otherRound);
          otherAlone.add(otherAloneRound);
        }
      }
      ours.requireValid();
      return List.of(
          row("write-call p50", busy, other, 50, Target.atMost(1.0 / 50)),
          row("write-call p99", busy, other, 99, Target.atMost(1.0 / 20)),
          row("write-call quiet p50", alone, otherAlone, 50, Target.none()),
          row("write-call quiet p99", alone, otherAlone, 99, Target.none()));
    }
  }

  private static void awaitPending(OurFleet ours, int atMost) {
    while (ours.writer().node().pendingKeys() > atMost) {
      LockSupport.parkNanos(100_000);
    }
  }

  private Samples round(Consumer<Object> write, Runnable pace, int between, int samples) {
    double[] micros = new double[samples];
    for (int i = 0; i < samples; i++) {
      Object key = nextKey++;
      if (i % between == 0) {
        pace.run();
      }
      long begin = System.nanoTime();
      write.accept(key);
      micros[i] = (System.nanoTime() - begin) / 1e3;
    }
    return new Samples(micros);
  }

  private static Row row(
      String figure, List<Samples> ours, List<Samples> other, double percent, Target target) {
    return Row.ratio(figure, "us", of(ours, percent), of(other, percent), target);
  }

  private static double[] of(List<Samples> rounds, double percent) {
    return rounds.stream().mapToDouble(samples -> samples.percentile(percent)).toArray();
  }
}

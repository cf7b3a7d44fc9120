package io.github.cacheinvalidation.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntUnaryOperator;

/**
 * Counts stale reads and measures their age: on quiet nodes, while both cores are busy, and where
 * subscribers lose their connections. A read is stale if its value is older than a write whose call
 * had returned before the read began.
 */
final class Staleness {

  static final String ASYNC = "ours async";

  static final String AWAIT = "ours await";

  static final String BLOCKING = "blocking publish";

  /** What happens during a run. */
  enum Situation {
    CALM("calm"),
    BUSY("both cores busy"),
    KILLED("subscribers killed"),
    CUT_OFF("one node cut off");

    private final String text;

    Situation(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private static final double WARM_UP_SECONDS = 1.5;

  private static final int ROUNDS = 5;

  private static final long CUT_OFF_NANOS = 2_000_000_000L;

  private static final Map<String, Replicas.Maker> CONTESTANTS = new LinkedHashMap<>();

  static {
    CONTESTANTS.put(
        ASYNC, (server, source, nodes, ports) -> ours(server, source, nodes, ports, false));
    CONTESTANTS.put(
        AWAIT, (server, source, nodes, ports) -> ours(server, source, nodes, ports, true));
    CONTESTANTS.put(BLOCKING, BlockingReplicas::new);
    CONTESTANTS.put("redisson", RedissonReplicas::new);
    CONTESTANTS.put("jetcache", JetCacheReplicas::new);
  }

  private final Server server;
  private final Options options;

  Staleness(Server server, Options options) {
    this.server = server;
    this.options = options;
  }

  private static Replicas ours(
      Server server, Freshness source, int nodes, IntUnaryOperator ports, boolean await) {
    return new OurReplicas(server, source, nodes, ports, await);
  }

  /** Prints a line for each contestant in each situation, and returns the rows that are judged. */
  List<Row> measure() {
    CONTESTANTS.values().forEach(this::compile);
    Map<Situation, Map<String, StaleReads>> all = new EnumMap<>(Situation.class);
    for (Situation situation : situations()) {
      Map<String, StaleReads> results = new LinkedHashMap<>();
      if (situation == Situation.CALM || situation == Situation.BUSY) {
        takeTurns(situation, results);
      } else {
        CONTESTANTS.forEach((name, maker) -> results.put(name, runDisturbed(situation, maker)));
      }
      all.put(situation, results);
    }
    System.out.println();
    System.out.println(StalenessRows.table(all));
    return StalenessRows.of(all);
  }

  private List<Situation> situations() {
    return options.quick()
        ? List.of(Situation.CALM, Situation.KILLED)
        : List.of(Situation.values());
  }

  /** Compiles the code of each contestant before the first one is measured. */
  private void compile(Replicas.Maker maker) {
    try (Contestant contestant = new Contestant(maker, 1, node -> server.port(), 0)) {
      contestant.run.warmUp(WARM_UP_SECONDS);
    }
  }

  /** All contestants exist at once, and each is measured in each round; another one begins it. */
  private void takeTurns(Situation situation, Map<String, StaleReads> results) {
    Map<String, Contestant> contestants = new LinkedHashMap<>();
    try {
      CONTESTANTS.forEach(
          (name, maker) ->
              contestants.put(name, new Contestant(maker, ROUNDS, node -> server.port(), 0)));
      contestants.values().forEach(each -> each.run.warmUp(WARM_UP_SECONDS));
      List<Contestant> order = new ArrayList<>(contestants.values());
      double seconds = options.quick() ? 1 : 4;
      for (int round = 0; round < ROUNDS; round++) {
        for (Contestant each : order) {
          if (situation == Situation.BUSY) {
            busy(each.run, round, seconds);
          } else {
            each.run.measure(round, seconds, () -> {});
          }
        }
        Collections.rotate(order, 1);
      }
      contestants.forEach((name, each) -> results.put(name, each.run.finish()));
      if (situation == Situation.CALM) {
        contestants.values().forEach(each -> each.replicas.requireCalm());
      }
    } finally {
      contestants.values().forEach(Contestant::close);
    }
  }

  /** The disturbance would reach the others too, so a contestant is alone. */
  private StaleReads runDisturbed(Situation situation, Replicas.Maker maker) {
    boolean cutOff = situation == Situation.CUT_OFF;
    double seconds = options.quick() ? 4 : 8;
    try (Cable cable = new Cable(server);
        Contestant contestant =
            new Contestant(
                maker,
                1,
                node -> cutOff && node == 0 ? cable.port() : server.port(),
                cutOff ? 1 : 0)) {
      contestant.run.warmUp(WARM_UP_SECONDS);
      contestant.run.measure(0, seconds, cutOff ? () -> cut(cable, seconds) : () -> kill(seconds));
      return contestant.run.finish();
    }
  }

  /** Measures a round while one thread for each processor computes. */
  private static void busy(StalenessRun run, int round, double seconds) {
    AtomicBoolean over = new AtomicBoolean();
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      Thread thread = new Thread(() -> work(over), "other-work-" + i);
      thread.setDaemon(true);
      thread.start();
    }
    try {
      run.measure(round, seconds, () -> {});
    } finally {
      over.set(true);
    }
  }

  private static void work(AtomicBoolean over) {
    long sum = 0;
    while (!over.get()) {
      for (int i = 0; i < 10_000; i++) {
        sum = sum * 31 + i;
      }
    }
    if (sum == 42) {
      System.err.println(sum); // so that the work is not left out
    }
  }

  private void kill(double seconds) {
    LockSupport.parkNanos((long) (seconds * 0.25e9));
    long killed = server.killSubscribers();
    if (killed < StalenessRun.NODES) {
      throw new VoidRunException("only " + killed + " subscribers were there to be killed");
    }
  }

  private static void cut(Cable cable, double seconds) {
    LockSupport.parkNanos((long) (seconds * 0.25e9));
    cable.cut();
    LockSupport.parkNanos(CUT_OFF_NANOS);
    cable.mend();
  }

  /** Nodes, their source, and what is measured of them. */
  private final class Contestant implements AutoCloseable {

    private final Replicas replicas;
    private final StalenessRun run;

    Contestant(Replicas.Maker maker, int rounds, IntUnaryOperator ports, int firstWriter) {
      Freshness source = new Freshness(StalenessRun.KEYS);
      this.replicas = maker.make(server, source, StalenessRun.NODES, ports);
      this.run = new StalenessRun(replicas, source, rounds, firstWriter);
    }

    @Override
    public void close() {
      replicas.close();
    }
  }
}

package io.github.cacheinvalidation.benchmarks;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntUnaryOperator;

/**
 * How many reads are older than a write whose call had returned before, and how old they are: in a
 * calm run, with busy cores, and while subscribers or nodes are disconnected.
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

  /** Prints a line for each contestant in each situation, and returns the judged rows. */
  List<Row> measure() {
    CONTESTANTS.values().forEach(this::compile);
    Map<Situation, Map<String, StaleReads>> all = new EnumMap<>(Situation.class);
    for (Situation situation : situations()) {
      Map<String, StaleReads> results = new LinkedHashMap<>();
      for (Map.Entry<String, Replicas.Maker> contestant : CONTESTANTS.entrySet()) {
        results.put(contestant.getKey(), run(situation, contestant.getValue()));
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

  private double seconds(Situation situation) {
    boolean noisy = situation == Situation.CALM || situation == Situation.BUSY;
    return options.quick() ? 4 : noisy ? 10 : 8;
  }

  /** Warms up a contestant, so that the first contestant does not pay for compilation. */
  private void compile(Replicas.Maker maker) {
    Freshness source = new Freshness(StalenessRun.KEYS);
    try (Replicas replicas =
        maker.make(server, source, StalenessRun.NODES, node -> server.port())) {
      new StalenessRun(replicas, source, 0).warmUp(WARM_UP_SECONDS);
    }
  }

  private StaleReads run(Situation situation, Replicas.Maker maker) {
    boolean cutOff = situation == Situation.CUT_OFF;
    double seconds = seconds(situation);
    Freshness source = new Freshness(StalenessRun.KEYS);
    try (Cable cable = new Cable(server);
        Replicas replicas =
            maker.make(
                server,
                source,
                StalenessRun.NODES,
                node -> cutOff && node == 0 ? cable.port() : server.port())) {
      StalenessRun run = new StalenessRun(replicas, source, cutOff ? 1 : 0);
      run.warmUp(WARM_UP_SECONDS);
      StaleReads result =
          switch (situation) {
            case CALM -> run.measure(seconds, () -> {});
            case BUSY -> busy(run, seconds);
            case KILLED -> run.measure(seconds, () -> kill(seconds));
            case CUT_OFF -> run.measure(seconds, () -> cut(cable, seconds));
          };
      if (situation == Situation.CALM) {
        replicas.requireCalm();
      }
      return result;
    }
  }

  /** Measures while as many threads as there are processors are always busy. */
  private static StaleReads busy(StalenessRun run, double seconds) {
    AtomicBoolean over = new AtomicBoolean();
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      Thread thread = new Thread(() -> work(over), "other-work-" + i);
      thread.setDaemon(true);
      thread.start();
    }
    try {
      return run.measure(seconds, () -> {});
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
      System.err.println(sum); // so that the compiler does not remove the work
    }
  }

  private void kill(double seconds) {
    LockSupport.parkNanos((long) (seconds * 0.25e9));
    long killed = server.killSubscribers();
    if (killed < StalenessRun.NODES) {
      throw new VoidRunException("only " + killed + " subscribers were connected");
    }
  }

  private static void cut(Cable cable, double seconds) {
    LockSupport.parkNanos((long) (seconds * 0.25e9));
    cable.cut();
    LockSupport.parkNanos(CUT_OFF_NANOS);
    cable.mend();
  }
}

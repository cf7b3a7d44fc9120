package io.github.cacheinvalidation.benchmarks;

import io.github.cacheinvalidation.benchmarks.jmh.Apply;
import io.github.cacheinvalidation.benchmarks.jmh.ApplyTexts;
import io.github.cacheinvalidation.benchmarks.jmh.FencePrice;
import io.github.cacheinvalidation.benchmarks.jmh.Fill;
import io.github.cacheinvalidation.benchmarks.jmh.HitAnnotated;
import io.github.cacheinvalidation.benchmarks.jmh.HitBare;
import io.github.cacheinvalidation.benchmarks.jmh.HitDirect;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The figures of one process, measured by JMH. The benchmarks alternate, each run in a fork of its
 * own. A sample is an iteration; a fork has three.
 */
final class JmhFigures {

  /** Fewer rounds, because prices are shown but not judged. */
  private static final int PRICE_ROUNDS = 3;

  private static final String TIME = "time";

  private static final String ANNOTATED_OURS = "hit" + HitAnnotated.OURS;

  private static final String ANNOTATED_PLAIN = "hit" + HitAnnotated.PLAIN;

  private static final String ALLOCATED = "gc.alloc.rate.norm";

  /** The values of all rounds, by benchmark and quantity. */
  private final Map<String, List<Double>> values = new HashMap<>();

  List<Row> measure(Options options) throws RunnerException {
    List<String> benchmarks =
        List.of(
            name(HitDirect.class, "ours"),
            name(HitDirect.class, "plain"),
            name(HitBare.class, "ours"),
            name(HitBare.class, "plain"),
            name(HitAnnotated.class, "hit"),
            name(Fill.class, "ours"),
            name(Fill.class, "plain"),
            name(Fill.class, "oursSync"),
            name(Fill.class, "plainSync"),
            name(Apply.class, "ours"),
            name(Apply.class, "plain"),
            name(ApplyTexts.class, "ours"),
            name(ApplyTexts.class, "plain"));
    rounds(benchmarks, options.quick() ? 2 : 5, options);
    return List.of(
        time("hit-direct", HitDirect.class, "ours", "plain", 1.25),
        Row.ratio(
            "hit-direct without expiry and statistics",
            "ns",
            of(HitBare.class, "ours", TIME),
            of(HitBare.class, "plain", TIME),
            Target.none()),
        time("hit-annotated", HitAnnotated.class, ANNOTATED_OURS, ANNOTATED_PLAIN, 1.05),
        Row.difference(
            "hit-annotated allocation",
            "B/hit",
            of(HitAnnotated.class, ANNOTATED_OURS, ALLOCATED),
            of(HitAnnotated.class, ANNOTATED_PLAIN, ALLOCATED),
            Target.atMost(32, "B more")),
        time("fill", Fill.class, "ours", "plain", 2.0),
        time("fill sync", Fill.class, "oursSync", "plainSync", 1.3),
        apply("apply", Apply.class, Target.atLeast(0.4)),
        apply("apply texts", ApplyTexts.class, Target.none()));
  }

  private Row apply(String figure, Class<?> type, Target target) {
    double[] ours = rate(of(type, "ours", TIME));
    return Row.ratio(figure, "keys/s", ours, rate(of(type, "plain", TIME)), target);
  }

  /** Measures what the promises cost: our implementation against a variant without one promise. */
  List<Row> prices(Options options) throws RunnerException {
    rounds(
        List.of(
            name(HitDirect.class, "ours"),
            name(HitDirect.class, "withoutBound"),
            name(FencePrice.class, "evictFenced"),
            name(FencePrice.class, "evictUnfenced"),
            name(FencePrice.class, "fillFenced"),
            name(FencePrice.class, "fillUnfenced"),
            name(Apply.class, "ours"),
            name(Apply.class, "decodedBefore")),
        PRICE_ROUNDS,
        options);
    return List.of(
        price("price of the bound (hit)", HitDirect.class, "ours", "withoutBound"),
        price("price of the fence (evict)", FencePrice.class, "evictFenced", "evictUnfenced"),
        price("price of the fence (fill)", FencePrice.class, "fillFenced", "fillUnfenced"),
        price("price of decoding (apply)", Apply.class, "ours", "decodedBefore"));
  }

  private Row price(String figure, Class<?> type, String ours, String other) {
    return Row.ratio(figure, "ns", of(type, ours, TIME), of(type, other, TIME), Target.none());
  }

  private void rounds(List<String> benchmarks, int rounds, Options options) throws RunnerException {
    for (int round = 0; round < rounds; round++) {
      run(benchmarks, options);
    }
  }

  private Row time(String figure, Class<?> type, String ours, String other, double atMost) {
    return Row.ratio(
        figure, "ns", of(type, ours, TIME), of(type, other, TIME), Target.atMost(atMost));
  }

  private static double[] rate(double[] nanos) {
    double[] rates = nanos.clone();
    for (int i = 0; i < rates.length; i++) {
      rates[i] = 1e9 / rates[i];
    }
    return rates;
  }

  double[] of(Class<?> type, String method, String quantity) {
    return values.get(name(type, method) + quantity).stream()
        .mapToDouble(Double::doubleValue)
        .toArray();
  }

  private static String name(Class<?> type, String method) {
    return type.getName() + "." + method;
  }

  private void run(List<String> benchmarks, Options options) throws RunnerException {
    ChainedOptionsBuilder builder =
        new OptionsBuilder()
            .forks(1)
            .warmupIterations(5)
            .warmupTime(TimeValue.milliseconds(options.quick() ? 250 : 400))
            .measurementIterations(3)
            .measurementTime(TimeValue.milliseconds(options.quick() ? 150 : 300))
            .jvmArgs("-Xms1g", "-Xmx1g")
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    benchmarks.forEach(benchmark -> builder.include("^" + benchmark.replace(".", "\\.") + "$"));
    Collection<RunResult> results = new Runner(builder.build()).run();
    for (RunResult result : results) {
      String property = result.getParams().getParam("property");
      String benchmark = result.getParams().getBenchmark() + (property == null ? "" : property);
      for (BenchmarkResult fork : result.getBenchmarkResults()) {
        for (IterationResult iteration : fork.getIterationResults()) {
          add(benchmark + TIME, iteration.getPrimaryResult());
          Result<?> allocated = iteration.getSecondaryResults().get(ALLOCATED);
          if (allocated == null) {
            throw new IllegalStateException("JMH returned " + iteration.getSecondaryResults());
          }
          add(benchmark + ALLOCATED, allocated);
        }
      }
    }
  }

  private void add(String quantity, Result<?> result) {
    values.computeIfAbsent(quantity, name -> new ArrayList<>()).add(result.getScore());
  }
}

package io.github.cacheinvalidation.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table and the file; no test runs a benchmark. */
class ReportTest {

  private final Report report = new Report();

  @Test
  void row_judgesTheRatioOfTheMedians() {
    double[] ours = {30, 10, 20, 500, 15};
    double[] other = {10, 10, 10, 10, 10};
    Row row = Row.ratio("hit", "ns", ours, other, Target.atMost(1.25));
    assertThat(row.ours()).isEqualTo(20);
    assertThat(row.ratio()).isEqualTo(2);
    assertThat(row.met()).isEqualTo("no");
    assertThat(row.spread()).isCloseTo(24.5, within(1e-9));
  }

  @Test
  void row_ofADifference_judgesOursLessTheOther() {
    Row row =
        Row.difference(
            "start", "ms", new double[] {900}, new double[] {800}, Target.atMost(150, "ms more"));
    assertThat(row.ratio()).isEqualTo(100);
    assertThat(row.met()).isEqualTo("yes");
  }

  @Test
  void row_ofAPairedDifference_judgesTheMedianOfTheDifferences() {
    double[] ours = {1000, 2010, 3020};
    double[] other = {900, 2000, 3000};
    Row row = Row.pairedDifference("start", "ms", ours, other, Target.atMost(15, "ms more"));
    assertThat(row.ratio()).isEqualTo(20);
    assertThat(row.ours()).isEqualTo(2010);
    assertThat(row.met()).isEqualTo("no");
  }

  @Test
  void target_isMetAtItsBound() {
    assertThat(Target.atMost(1.25).met(1.25)).isEqualTo("yes");
    assertThat(Target.atLeast(0.7).met(0.7)).isEqualTo("yes");
    assertThat(Target.atLeast(0.7).met(0.69)).isEqualTo("no");
    assertThat(Target.none().met(7)).isEqualTo("-");
  }

  @Test
  void percentile_isASampleThatSoManyAreNotAbove() {
    double[] values = new double[100];
    for (int i = 0; i < values.length; i++) {
      values[i] = 100 - i;
    }
    Samples samples = new Samples(values);
    assertThat(samples.median()).isEqualTo(50.5);
    assertThat(samples.percentile(99)).isEqualTo(99);
    assertThat(samples.percentile(100)).isEqualTo(100);
  }

  @Test
  void csv_hasTheColumnsThatOthersRead(@TempDir Path directory) throws IOException {
    report.add(row("hit-direct", 120, 100, Target.atMost(1.25)));
    report.add(row("throughput-1 raw batches", 600_000.4, 1_000_000, Target.atLeast(0.7)));
    report.add(row("scale 16 receivers", 7, 4, Target.none()));
    Path file = directory.resolve("target/summary.csv");
    report.write(file);
    assertThat(Files.readString(file))
        .isEqualTo(
            """
            figure,ours,other,ratio,target,met
            hit-direct,120,100,1.2,<= 1.25,yes
            throughput-1 raw batches,600000,1000000,0.6,>= 0.7,no
            scale 16 receivers,7,4,1.75,-,-
            """);
  }

  @Test
  void table_hasOneLineARowAndNamesWhatWasMissed() {
    report.add(row("hit-direct", 120, 100, Target.atMost(1.25)));
    report.add(row("fill", 200, 100, Target.atMost(1.3)));
    assertThat(report.table().lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "figure ours other unit ratio target met spread",
            "hit-direct 120 100 ns 1.2 <= 1.25 met 0 %",
            "fill 200 100 ns 2 <= 1.3 MISSED 0 %");
    assertThat(report.missed()).extracting(Row::figure).containsExactly("fill");
  }

  @Test
  void groupThatIsVoid_isNamedBelowTheTable() {
    report.add(row("hit-direct", 120, 100, Target.atMost(1.25)));
    assertThat(report.hasVoid()).isFalse();

    report.addVoid("throughput", "the outbox overflowed");

    assertThat(report.hasVoid()).isTrue();
    assertThat(report.table()).endsWith("VOID  throughput: the outbox overflowed\n");
  }

  @Test
  void argumentThatIsNoOption_isRefusedAndNamed() {
    Set<String> groups = Set.of("jmh");
    assertThat(Options.of(new String[] {"quick", "jmh"}, groups).wants("jmh")).isTrue();
    assertThatThrownBy(() -> Options.of(new String[] {"--quick"}, groups))
        .hasMessage("'--quick' is neither quick nor --check nor one of [jmh]");
  }

  @Test
  void quickRun_hasOnlyGroupsWithTargetsUnlessNamed() {
    Set<String> groups = Set.of("latency", "transports");
    Options quick = Options.of(new String[] {"quick"}, groups);
    assertThat(quick.wants("latency")).isTrue();
    assertThat(quick.wants("transports")).isFalse();
    assertThat(Options.of(new String[] {}, groups).wants("transports")).isTrue();
    assertThat(Options.of(new String[] {"quick", "transports"}, groups).wants("transports"))
        .isTrue();
  }

  @Test
  void chart_showsEveryLineAndLabel() {
    SvgChart chart = new SvgChart("Keys");
    chart.panel(
        "receivers",
        List.of("2", "4"),
        List.of(
            new SvgChart.Line("ours", new double[] {900_000, 400_000}),
            new SvgChart.Line("raw", new double[] {1_200_000, 500_000})));
    assertThat(chart.svg())
        .startsWith("<svg ")
        .contains(">ours<", ">raw<", ">2<", ">4<", ">1M<", ">100k<")
        .doesNotContain("NaN", "Infinity");
  }

  private static Row row(String figure, double ours, double other, Target target) {
    return Row.ratio(figure, "ns", new double[] {ours}, new double[] {other}, target);
  }
}

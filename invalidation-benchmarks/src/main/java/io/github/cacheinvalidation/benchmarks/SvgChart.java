package io.github.cacheinvalidation.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Panels with lines, side by side, on a common logarithmic scale. */
final class SvgChart {

  /**
   * A line of a panel.
   *
   * @param name the label of the line
   * @param values one value for each label of the panel
   */
  record Line(String name, double[] values) {}

  private record Panel(String title, List<String> labels, List<Line> lines) {}

  private static final int WIDTH = 400;
  private static final int HEIGHT = 300;
  private static final int LEFT = 60;
  private static final int TOP = 44;
  private static final int BOTTOM = 56;
  private static final List<String> COLOURS = List.of("#1f6feb", "#8b949e");

  private final String title;
  private final List<Panel> panels = new ArrayList<>();

  SvgChart(String title) {
    this.title = title;
  }

  void panel(String name, List<String> labels, List<Line> lines) {
    panels.add(new Panel(name, labels, lines));
  }

  String svg() {
    StringBuilder svg = new StringBuilder();
    int width = WIDTH * panels.size();
    svg.append(
        format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                + " font-family=\"sans-serif\" font-size=\"12\">%n",
            width, HEIGHT));
    svg.append(format("<title>%s</title>%n", title));
    svg.append(format("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>%n", width, HEIGHT));
    double low = Math.pow(10, Math.floor(Math.log10(extreme(true))));
    double high = Math.pow(10, Math.ceil(Math.log10(extreme(false))));
    for (int i = 0; i < panels.size(); i++) {
      svg.append(format("<g transform=\"translate(%d,0)\">%n", i * WIDTH));
      draw(svg, panels.get(i), low, high);
      svg.append(format("</g>%n"));
    }
    return svg.append("</svg>\n").toString();
  }

  private double extreme(boolean least) {
    double[] all =
        panels.stream()
            .flatMap(panel -> panel.lines().stream())
            .flatMapToDouble(line -> java.util.Arrays.stream(line.values()))
            .toArray();
    Samples samples = new Samples(all);
    return least ? samples.min() : samples.max();
  }

  private static void draw(StringBuilder svg, Panel panel, double low, double high) {
    svg.append(format("<text x=\"%d\" y=\"20\">%s</text>%n", LEFT, panel.title()));
    for (double tick = low; tick <= high * 1.01; tick *= 10) {
      double y = y(tick, low, high);
      svg.append(
          format(
              "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#d0d7de\"/>%n",
              LEFT, WIDTH - 20, y, y));
      svg.append(
          format(
              "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
              LEFT - 6,
              y + 4,
              tick >= 1e6 ? "%.0fM".formatted(tick / 1e6) : "%.0fk".formatted(tick / 1e3)));
    }
    int count = panel.labels().size();
    for (int i = 0; i < count; i++) {
      svg.append(
          format(
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
              x(i, count), HEIGHT - BOTTOM + 18, panel.labels().get(i)));
    }
    for (int i = 0; i < panel.lines().size(); i++) {
      draw(svg, panel.lines().get(i), COLOURS.get(i % COLOURS.size()), low, high);
      svg.append(
          format(
              "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n",
              LEFT + i * 130,
              HEIGHT - 14,
              COLOURS.get(i % COLOURS.size()),
              panel.lines().get(i).name()));
    }
  }

  private static void draw(StringBuilder svg, Line line, String colour, double low, double high) {
    StringBuilder points = new StringBuilder();
    int count = line.values().length;
    for (int i = 0; i < count; i++) {
      double x = x(i, count);
      double y = y(line.values()[i], low, high);
      points.append(format("%.1f,%.1f ", x, y));
      svg.append(format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>%n", x, y, colour));
    }
    svg.append(
        format(
            "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n",
            points.toString().strip(), colour));
  }

  private static double x(int index, int count) {
    return LEFT + 30 + index * (WIDTH - LEFT - 80.0) / Math.max(1, count - 1);
  }

  private static double y(double value, double low, double high) {
    double share = Math.log(value / low) / Math.log(high / low);
    return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern.replace("%n", "\n"), values);
  }
}

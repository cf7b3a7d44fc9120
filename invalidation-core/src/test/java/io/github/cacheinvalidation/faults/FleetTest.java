package io.github.cacheinvalidation.faults;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.cache.CacheSettings;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;

/**
 * A fleet that is cut off in one moment, in virtual time: its nodes reload when their bounds have
 * passed, and the database must not feel a pulse. Leaves a picture in the folder of the build.
 */
@Tag("G4")
class FleetTest {

  private static final int NODES = 20;

  private static final int KEYS = 40;

  private static final Duration BOUND = Duration.ofSeconds(2);

  private static final Duration STEP = Duration.ofMillis(10);

  private static final int BOUNDS = 20;

  /** A tenth of the bound. */
  private static final int STEPS_IN_WINDOW = 20;

  private static final int STEPS_IN_BOUND = STEPS_IN_WINDOW * 10;

  private final AtomicLong clock = new AtomicLong();

  private final AtomicInteger loads = new AtomicInteger();

  private final List<Cache> caches =
      IntStream.range(0, NODES).mapToObj(seed -> cache(new Random(seed))).toList();

  private Cache cache(Random random) {
    DefaultInvalidationNode neverStarted =
        DefaultInvalidationNode.builder()
            .channel(
                () -> {
                  throw new AssertionError("It is cut off");
                })
            .caches(name -> CacheSettings.ofSpec("", BOUND, false))
            .ticker(clock::get)
            .random(random)
            .executor(Runnable::run)
            .build();
    return requireNonNull(neverStarted.cacheManager().getCache("products"));
  }

  private void readAll(Cache cache) {
    for (int key = 0; key < KEYS; key++) {
      cache.get(key, loads::incrementAndGet);
    }
  }

  private int loadsOfAStep() {
    int before = loads.get();
    caches.forEach(this::readAll);
    clock.addAndGet(STEP.toNanos());
    return loads.get() - before;
  }

  @Tag("G4.14")
  @Test
  void aFleetCutOffInOneMoment_doesNotReloadInStep() throws IOException {
    assertThat(loadsOfAStep()).as("the last common moment").isEqualTo(NODES * KEYS);
    List<Integer> loadsOfSteps = new ArrayList<>();
    for (int step = 0; step < BOUNDS * STEPS_IN_BOUND; step++) {
      loadsOfSteps.add(loadsOfAStep());
    }

    draw(loadsOfSteps);
    int total = loadsOfSteps.stream().mapToInt(each -> each).sum();
    double mean = total * (double) STEPS_IN_WINDOW / loadsOfSteps.size();
    int peak = 0;
    for (int from = 0; from + STEPS_IN_WINDOW <= loadsOfSteps.size(); from++) {
      peak = Math.max(peak, sum(loadsOfSteps.subList(from, from + STEPS_IN_WINDOW)));
    }
    assertThat(peak / mean).as("peak over mean").isLessThan(4);
    assertThat(total)
        .as("each node reloads once in half a bound at the most, once in a bound at least")
        .isBetween(NODES * KEYS * (BOUNDS - 1), NODES * KEYS * 2 * BOUNDS);
    assertThat(sum(loadsOfSteps.subList(0, STEPS_IN_BOUND / 2 - 2)))
        .as("nobody reloads within half a bound")
        .isZero();
  }

  private static int sum(List<Integer> counts) {
    return counts.stream().mapToInt(each -> each).sum();
  }

  /** Draws the loads of each tenth of the bound. */
  private static void draw(List<Integer> loadsOfSteps) throws IOException {
    StringBuilder bars = new StringBuilder();
    int windows = loadsOfSteps.size() / STEPS_IN_WINDOW;
    for (int i = 0; i < windows; i++) {
      int from = i * STEPS_IN_WINDOW;
      int height = sum(loadsOfSteps.subList(from, from + STEPS_IN_WINDOW)) / 4;
      bars.append(
          "<rect x=\"%d\" y=\"%d\" width=\"4\" height=\"%d\"/>%n"
              .formatted(i * 5, 210 - height, height));
    }
    String svg =
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d 230">
        <title>Loads in each tenth of the bound, %d nodes with %d keys, cut off at the left</title>
        %s<line x1="0" x2="%d" y1="10" y2="10" stroke="red"/>
        <text x="4" y="24" font-size="12">red: the whole fleet at once</text>
        </svg>
        """
            .formatted(windows * 5, NODES, KEYS, bars, windows * 5);
    Files.createDirectories(Path.of("target"));
    Files.writeString(Path.of("target", "fleet-outage.svg"), svg);
  }
}

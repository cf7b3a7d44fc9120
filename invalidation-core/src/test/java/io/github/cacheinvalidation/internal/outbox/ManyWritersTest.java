package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.MessageLog;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.RefusedException;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.key.KeyEncoder;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import io.github.cacheinvalidation.internal.message.Position;
import io.github.cacheinvalidation.testing.RecordingObserver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Writers, the thread of the channel and the sender, in any order. */
@Tag("G5")
class ManyWritersTest {

  private static final int WRITERS = 4;

  private static final int KEYS = 3_000;

  private static final int MOST_OF_WRITERS = 4;

  private final ExecutorService writers = Executors.newFixedThreadPool(WRITERS);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyKey_isAcceptedWhateverBecomesOfPublications(long seed) throws Exception {
    try (Moody channel = new Moody(seed)) {
      Outbox outbox =
          new Outbox(
              new KeyEncoder(List.of()),
              new OutboxSettings(false, Duration.ofSeconds(5), 512, 1_000_000),
              new RecordingObserver(),
              () -> "nonce",
              new Random(seed),
              OutboxFixture.noWriters());
      outbox.start(channel, new BodyWriter("node", "1"));

      List<Future<?>> writing = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        int first = writer * KEYS;
        writing.add(writers.submit(() -> write(outbox, first, new Random(seed + first))));
      }
      for (Future<?> each : writing) {
        each.get(60, TimeUnit.SECONDS);
      }
      outbox.stop(Duration.ofSeconds(60));

      assertThat(outbox.pendingKeys()).isZero();
      assertThat(channel.accepted).hasSize(WRITERS * KEYS);
      assertThat(channel.mostAtOnce.get()).isLessThanOrEqualTo(MOST_OF_WRITERS);
    } finally {
      writers.shutdownNow();
    }
  }

  private static void write(Outbox outbox, int first, Random random) {
    for (int key = first; key < first + KEYS; key++) {
      outbox.add("c", "k" + key); // a text, which is never packed
      if (random.nextInt(8) == 0) {
        LockSupport.parkNanos(1_000);
      }
    }
  }

  /** A channel with a thread of its own, on which publications end well, badly, or are refused. */
  private static final class Moody implements MessageLog, AutoCloseable {

    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    private final Random random;

    private final Set<Integer> accepted = ConcurrentHashMap.newKeySet();

    private final AtomicInteger underWay = new AtomicInteger();

    private final AtomicInteger mostAtOnce = new AtomicInteger();

    Moody(long seed) {
      this.random = new Random(seed);
    }

    private synchronized int mood() {
      return random.nextInt(10);
    }

    private void begin() {
      int now = underWay.incrementAndGet();
      mostAtOnce.accumulateAndGet(now, Math::max);
    }

    private void accept(Publication publication) {
      String body = new String(publication.body(), StandardCharsets.UTF_8);
      Matcher numbers = NUMBER.matcher(body.substring(body.indexOf("\"caches\"")));
      while (numbers.find()) {
        accepted.add(Integer.valueOf(numbers.group()));
      }
    }

    @Override
    public boolean tryExecute(Runnable task) {
      if (mood() == 0) {
        return false;
      }
      thread.execute(task);
      return true;
    }

    @Override
    public boolean tryAppend(
        Publication publication, boolean ahead, Consumer<@Nullable ChannelException> outcome) {
      int mood = mood();
      if (mood == 0) {
        return false;
      }
      begin();
      thread.execute(
          () -> {
            underWay.decrementAndGet();
            if (mood == 1) {
              outcome.accept(new ChannelException("Injected: no answer", null));
            } else if (mood == 2) {
              outcome.accept(new RefusedException("Injected: refused", null));
            } else {
              accept(publication);
              outcome.accept(null);
            }
          });
      return true;
    }

    @Override
    public void append(Publication publication) {
      begin();
      try {
        accept(publication);
      } finally {
        underWay.decrementAndGet();
      }
    }

    @Override
    public Tip tip() {
      throw new UnsupportedOperationException();
    }

    @Override
    public LogPage read(Position from, int limit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
      thread.shutdownNow();
    }
  }
}

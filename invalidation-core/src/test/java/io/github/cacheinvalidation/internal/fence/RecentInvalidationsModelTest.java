package io.github.cacheinvalidation.internal.fence;

import io.github.cacheinvalidation.testing.ModelCheck;
import java.util.List;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Lets a model checker try the interleavings of one bucket that has to drop keys: a key that was
 * recorded before a question is never answered with no.
 */
@Tag("G1")
@Tag("model")
@Tag("G1.14")
class RecentInvalidationsModelTest {

  private static final int INTERLEAVINGS = 1_500;

  /** A bucket whose newest slot is that of the key that is asked for. */
  public static final class Bucket {

    private static final String ASKED = "asked";

    private final LogicalClock clock = new LogicalClock();

    private final RecentInvalidations recent = new RecentInvalidations(1, 1);

    private final long stamp;

    public Bucket() {
      for (int key = 0; key < 7; key++) {
        recent.record(key, clock.advance());
      }
      stamp = clock.now();
      recent.record(ASKED, clock.advance());
    }

    @Operation
    public boolean ask() {
      return recent.recordedSince(ASKED, stamp);
    }

    @Operation
    public boolean record() {
      long before = clock.now();
      recent.record(ASKED, clock.advance());
      return recent.recordedSince(ASKED, before);
    }

    @Operation
    public boolean recordOthers() {
      boolean right = true;
      for (int key = 100; key < 108; key++) {
        long before = clock.now();
        recent.record(key, clock.advance());
        right &= recent.recordedSince(key, before);
      }
      return right;
    }
  }

  /** Slots that grow with each of the first keys. */
  public static final class Growing {

    private static final String ASKED = "asked";

    private final LogicalClock clock = new LogicalClock();

    private final RecentInvalidations recent = new RecentInvalidations(1, 8);

    private final long stamp = clock.now();

    public Growing() {
      recent.record(ASKED, clock.advance());
    }

    @Operation
    public boolean ask() {
      return recent.recordedSince(ASKED, stamp);
    }

    @Operation
    public boolean record() {
      long before = clock.now();
      recent.record("raised", clock.advance());
      return recent.recordedSince("raised", before);
    }

    @Operation
    public boolean recordOthers() {
      boolean right = true;
      for (int key = 100; key < 104; key++) {
        long before = clock.now();
        recent.record(key, clock.advance());
        right &= recent.recordedSince(key, before) && recent.recordedSince(ASKED, stamp);
      }
      return right;
    }
  }

  /** Slots without a table. */
  public static final class Empty {

    private final LogicalClock clock = new LogicalClock();

    private final RecentInvalidations recent = new RecentInvalidations(1, 4);

    @Operation
    public boolean ask() {
      return !recent.recordedSince("never raised", clock.now());
    }

    @Operation
    public boolean record() {
      long before = clock.now();
      recent.record("raised", clock.advance());
      return recent.recordedSince("raised", before);
    }

    @Operation
    public boolean recordOthers() {
      boolean right = true;
      for (int key = 100; key < 103; key++) {
        long before = clock.now();
        recent.record(key, clock.advance());
        right &= recent.recordedSince(key, before);
      }
      return right;
    }
  }

  /** The sequential specification: every observation is correct. */
  public static final class Right {

    public boolean ask() {
      return true;
    }

    public boolean record() {
      return true;
    }

    public boolean recordOthers() {
      return true;
    }
  }

  private static void check(Class<?> checked, String one, String other) {
    new ModelCheck(checked, Right.class, INTERLEAVINGS).scenario(List.of(one, other), "ask").run();
  }

  @Test
  void question_whileOthersTakeTheSlots_isNeverAnsweredWithNo() {
    check(Bucket.class, "ask", "recordOthers");
  }

  @Test
  void keysThatAreRecordedAtOnce_areNotMissed() {
    check(Bucket.class, "record", "recordOthers");
    check(Bucket.class, "record", "record");
  }

  @Test
  void keysThatPressEachOtherOut_areNotMissed() {
    check(Bucket.class, "recordOthers", "recordOthers");
  }

  @Test
  void question_whileTheTableGrows_isNeverAnsweredWithNo() {
    check(Growing.class, "ask", "recordOthers");
  }

  @Test
  void keysThatAreRecordedWhileTheTableGrows_areNotMissed() {
    check(Growing.class, "record", "recordOthers");
    check(Growing.class, "recordOthers", "recordOthers");
  }

  @Test
  void firstKeys_areNotMissed() {
    check(Empty.class, "record", "record");
    check(Empty.class, "record", "recordOthers");
  }
}

package io.github.cacheinvalidation.internal.channel.redis.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

import io.netty.util.Timeout;
import io.netty.util.Timer;
import io.netty.util.TimerTask;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("G9")
class ClosableTimerTest {

  private final Timer application = mock();
  private final List<TimerTask> pending = new ArrayList<>();
  private final AtomicInteger ran = new AtomicInteger();
  private final ClosableTimer timer = new ClosableTimer(application);

  @Test
  void taskThatIsDueAfterTheEnd_doesNotRun_andTheApplicationsTimerGoesOn() throws Exception {
    given(application.newTimeout(any(), anyLong(), any()))
        .willAnswer(
            call -> {
              pending.add(call.getArgument(0));
              return mock(Timeout.class);
            });
    timer.newTimeout(timeout -> ran.incrementAndGet(), 1, TimeUnit.SECONDS);
    timer.newTimeout(timeout -> ran.incrementAndGet(), 5, TimeUnit.SECONDS);
    pending.get(0).run(mock());

    timer.stop();
    pending.get(1).run(mock());

    assertThat(ran).hasValue(1);
    verify(application, never()).stop();
  }
}

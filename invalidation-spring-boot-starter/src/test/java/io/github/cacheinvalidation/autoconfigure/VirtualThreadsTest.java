package io.github.cacheinvalidation.autoconfigure;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.testing.TestRedis;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;

/** The same applications with virtual threads: those that Spring Boot makes, and every caller. */
@Tag("G8")
@EnabledForJreRange(min = JRE.JAVA_21)
@ExtendWith(VirtualThreadsTest.OnVirtualThread.class)
class VirtualThreadsTest extends SeveralNodesTest {

  private static final int CALLERS_PER_PROCESSOR = 20;

  @Override
  ApplicationContextRunner node(TestRedis redis) {
    return super.node(redis).withPropertyValues("spring.threads.virtual.enabled=true");
  }

  @Test
  void test_runsOnAVirtualThread() throws Exception {
    assertThat(Thread.class.getMethod("isVirtual").invoke(Thread.currentThread())).isEqualTo(true);
  }

  @Tag("G8.13")
  @Test
  void moreCallersOfOneLoadThanProcessors_leaveRoomForOthers() throws Exception {
    int callers = CALLERS_PER_PROCESSOR * Runtime.getRuntime().availableProcessors();
    CountDownLatch asked = new CountDownLatch(callers);
    CountDownLatch loadable = new CountDownLatch(1);
    AtomicInteger answered = new AtomicInteger();
    Applications.local()
        .run(
            context -> {
              Cache cache =
                  requireNonNull(context.getBean(CacheManager.class).getCache("products"));
              List<Thread> threads = new ArrayList<>();
              for (int i = 0; i < callers; i++) {
                threads.add(
                    start(
                        () -> {
                          asked.countDown();
                          answered.addAndGet(
                              requireNonNull(cache.get("key", () -> load(loadable))));
                        }));
              }
              threads.add(
                  start(
                      () -> {
                        awaitLatch(asked);
                        loadable.countDown();
                      }));
              for (Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(20));
              }
            });
    assertThat(answered).hasValue(callers);
  }

  private static int load(CountDownLatch loadable) {
    awaitLatch(loadable);
    return 1;
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  /** The method is not there on the JDK for which this is compiled. */
  private static Thread start(Runnable task) {
    try {
      return (Thread)
          Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
    } catch (ReflectiveOperationException unexpected) {
      throw new LinkageError(unexpected.getMessage(), unexpected);
    }
  }

  /** Runs each test on a virtual thread. */
  static final class OnVirtualThread implements InvocationInterceptor {

    @Override
    public void interceptTestMethod(
        Invocation<Void> invocation,
        ReflectiveInvocationContext<Method> method,
        ExtensionContext context)
        throws Throwable {
      proceed(invocation);
    }

    @Override
    public void interceptTestTemplateMethod(
        Invocation<Void> invocation,
        ReflectiveInvocationContext<Method> method,
        ExtensionContext context)
        throws Throwable {
      proceed(invocation);
    }

    private static void proceed(Invocation<Void> invocation) throws Throwable {
      List<Throwable> failures = new ArrayList<>();
      start(
              () -> {
                try {
                  invocation.proceed();
                } catch (Throwable failure) {
                  failures.add(failure);
                }
              })
          .join();
      for (Throwable failure : failures) {
        throw failure;
      }
    }
  }
}

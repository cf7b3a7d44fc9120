package io.github.cacheinvalidation.sample.page;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.FillRefusal;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.NodeStatus.State;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.PriorityOrdered;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Notices what happens on one node, from its start to its stop: commits, before the library acts on
 * them, and the events of the library. Counts, and tells {@link NodeEvents}.
 */
final class NodeProbe implements InvalidationObserver, TransactionExecutionListener {

  private static final Pattern PRODUCT = Pattern.compile("/products/(\\d{1,18})");

  private final int node;
  private final NodeEvents events;
  private final LongAdder evicted = new LongAdder();
  private final LongAdder cleared = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder replayed = new LongAdder();
  private volatile State state = State.JOINING;

  NodeProbe(int node, NodeEvents events) {
    this.node = node;
    this.events = events;
  }

  @Override
  public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
    if (failure == null
        && !transaction.isReadOnly()
        && TransactionSynchronizationManager.isSynchronizationActive()) {
      TransactionSynchronizationManager.registerSynchronization(new Commit());
    }
  }

  @Override
  public void applied(String cache, int keys) {
    evicted.add(keys);
    events.evicted(node, cache, isReplaying() ? "replay" : "message");
  }

  @Override
  public void cleared(String cache, ClearReason reason) {
    if (reason != ClearReason.JOINED) { // a node that starts holds nothing
      cleared.increment();
    }
    events.cleared(node, cache, reason);
  }

  @Override
  public void fillRefused(String cache, FillRefusal reason) {
    refused.increment();
  }

  @Override
  public void replayed(int messages) {
    replayed.add(messages);
    events.replayed(node, messages);
  }

  @Override
  public void statusChanged(NodeStatus before, NodeStatus now) {
    state = now.state();
    if (now.state() == State.COHERENT && before.isJoined() && before.state() != State.COHERENT) {
      events.confirmedAgain(node, before.state());
    }
  }

  /** Counts from zero again. */
  void reset() {
    List.of(evicted, cleared, refused, replayed).forEach(LongAdder::reset);
  }

  /** A node that was cut off gets by a replay what it missed, before it is coherent again. */
  private boolean isReplaying() {
    return state == State.CUT_OFF || state == State.CATCHING_UP;
  }

  Counts counts() {
    return new Counts(evicted.sum(), cleared.sum(), refused.sum(), replayed.sum());
  }

  /**
   * What the node has counted since its start, or since the page was opened first.
   *
   * @param evicted keys that messages of other nodes named
   * @param cleared clears of a whole cache
   * @param refused loaded values that were not stored
   * @param replayed messages that were read from the log
   */
  record Counts(long evicted, long cleared, long refused, long replayed) {}

  /** PriorityOrdered: runs before the library applies and publishes what the transaction wrote. */
  private final class Commit implements TransactionSynchronization, PriorityOrdered {

    @Override
    public int getOrder() {
      return HIGHEST_PRECEDENCE;
    }

    @Override
    public void afterCommit() {
      events.committed(node, written());
    }

    private static String written() {
      if (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes request) {
        Matcher product = PRODUCT.matcher(request.getRequest().getRequestURI());
        if (product.matches()) {
          return "product " + product.group(1);
        }
      }
      return "a write";
    }
  }
}

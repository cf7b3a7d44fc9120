package io.github.cacheinvalidation.faults;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.InvalidationGroupHandler;
import io.github.cacheinvalidation.internal.group.GroupListener;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * A member of a group in a process of its own, whose handler does not end. It reports what the
 * handler gets.
 */
final class GroupNodeProcess {

  static final String TOLD = "everything may have changed";

  private GroupNodeProcess() {}

  /** Arguments: the port of Redis, the channel. */
  public static void main(String[] arguments) throws InterruptedException {
    LettuceConnectionFactory factory =
        new LettuceConnectionFactory("127.0.0.1", Integer.parseInt(arguments[0]));
    factory.afterPropertiesSet();
    ShopNode node = new ShopNode(factory, arguments[1], "process", Map.of()).join();
    node.node()
        .groups()
        .handle(List.of(new Endless()), GroupNodesTest.PATIENT, new GroupListener() {});
    new CountDownLatch(1).await(); // until it is killed
  }

  /** Returns the line about a key that the handler got. */
  static String handles(String key, int attempt) {
    return "handles " + key + " #" + attempt;
  }

  @SuppressWarnings("SystemOut")
  private static void say(String line) {
    System.out.println(line);
  }

  private static final class Endless implements InvalidationGroupHandler {

    @Override
    public String group() {
      return GroupNodesTest.GROUP;
    }

    @Override
    public void handle(Message message) throws InterruptedException {
      for (Invalidation.OfCache<Key> stale : message.stale()) {
        if (stale instanceof Invalidation.Keys<Key> some) {
          some.keys().forEach(key -> say(handles(key.text(), message.attempt())));
        }
      }
      new CountDownLatch(1).await();
    }

    @Override
    public void everythingMayHaveChanged() {
      say(TOLD);
    }
  }
}

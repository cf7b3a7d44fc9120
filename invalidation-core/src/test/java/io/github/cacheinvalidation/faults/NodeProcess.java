package io.github.cacheinvalidation.faults;

import java.time.Duration;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import redis.clients.jedis.Jedis;

/**
 * A node in a process of its own. It reads one product all the time, whose price is a key of a
 * Redis server that it reaches directly, and reports its first read, and its first read after the
 * process was paused for longer than the bound.
 */
final class NodeProcess {

  static final String PRICE = "price";

  private static final String PAUSED = "after a pause ";

  private NodeProcess() {}

  /** Arguments: the port of the channel, that of the database, the channel, the bound in ms. */
  public static void main(String[] arguments) {
    Duration bound = Duration.ofMillis(Long.parseLong(arguments[3]));
    LettuceConnectionFactory factory =
        new LettuceConnectionFactory("127.0.0.1", Integer.parseInt(arguments[0]));
    factory.afterPropertiesSet();
    Jedis database = new Jedis("127.0.0.1", Integer.parseInt(arguments[1]));
    ShopNode node =
        new ShopNode(
                factory, arguments[2], "process", prices(database), ShopNode.bounds(bound, bound))
            .join();
    say("reads " + node.read(1));
    long last = System.currentTimeMillis();
    while (true) {
      long since = System.currentTimeMillis(); // one reading: a pause may come between any two
      Integer price = node.read(1);
      if (since - last > bound.toMillis()) {
        say(PAUSED + since + " " + price);
      }
      last = since;
    }
  }

  /** Whether a line tells of the first read after a pause that ended at that time or later. */
  static boolean isFirstReadAfter(long resumed, String line) {
    return line.startsWith(PAUSED)
        && Long.parseLong(line.substring(PAUSED.length(), line.lastIndexOf(' '))) >= resumed;
  }

  private static Map<Long, Integer> prices(Jedis database) {
    return new AbstractMap<>() {
      @Override
      public Integer get(Object key) {
        return Integer.valueOf(database.get(PRICE));
      }

      @Override
      public Set<Entry<Long, Integer>> entrySet() {
        return new HashMap<Long, Integer>().entrySet();
      }
    };
  }

  @SuppressWarnings("SystemOut")
  private static void say(String line) {
    System.out.println(line);
  }
}

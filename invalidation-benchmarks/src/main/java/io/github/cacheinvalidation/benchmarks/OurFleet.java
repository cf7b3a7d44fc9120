package io.github.cacheinvalidation.benchmarks;

import io.github.cacheinvalidation.internal.node.ChannelOpener;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.springframework.cache.Cache;

/** A fleet of our nodes. */
final class OurFleet implements Fleet {

  /** How the names of all channels begin. */
  static final String PREFIX = "ours-";

  private final String name;
  private final OurNode writer;
  private final List<OurNode> receivers = new ArrayList<>();

  /** Creates nodes over Redis with the default settings. */
  static OurFleet overRedis(Server server, int receivers) {
    return Transport.PUBSUB.ours(server, receivers);
  }

  OurFleet(String name, ChannelOpener channel, int receivers) {
    this.name = name;
    this.writer = new OurNode("writer", channel);
    for (int i = 0; i < receivers; i++) {
      this.receivers.add(new OurNode("receiver-" + i, channel));
    }
  }

  @Override
  public String name() {
    return name;
  }

  OurNode writer() {
    return writer;
  }

  OurNode receiver() {
    return receivers.get(0);
  }

  @Override
  public void fill(List<Object> keys) {
    receivers.forEach(receiver -> receiver.fill(keys));
    receivers.forEach(receiver -> receiver.entries().cleanUp());
  }

  @Override
  public void invalidate(List<Object> keys) {
    Cache cache = writer.cache();
    new PacedWriter(writer, key -> cache).evict(keys);
  }

  @Override
  public LongStream held() {
    return receivers.stream().mapToLong(receiver -> receiver.entries().estimatedSize());
  }

  @Override
  public void requireValid() {
    writer.watch().requireValid();
    receivers.forEach(receiver -> receiver.watch().requireValid());
  }

  @Override
  public void close() {
    writer.close();
    receivers.forEach(OurNode::close);
  }
}

package io.github.cacheinvalidation.convergence;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.Feed;
import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.MessageLog;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.Subscriber;
import io.github.cacheinvalidation.internal.channel.Subscription;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.message.Position;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells the store the accepted publications, and the node the commits before each check. Its cache
 * channels do the same.
 */
final class WatchedChannel implements Channel, MessageLog, Feed {

  private static final Pattern KEY = Pattern.compile("\\[\"key\",\"([pl]):(\\d+):");

  private final Channel target;

  private final int node;

  private final Store store;

  private final History history;

  private final Consumer<Version[]> beforeCheck;

  private final Map<String, Channel> cacheChannels = new TreeMap<>();

  /**
   * Creates a channel that tells what happens to another one.
   *
   * @param channel its name in the settings
   * @param beforeCheck gets the name of the channel and the newest commits
   */
  WatchedChannel(
      String channel,
      Channel target,
      int node,
      Store store,
      History history,
      BiConsumer<String, Version[]> beforeCheck) {
    this.target = target;
    this.node = node;
    this.store = store;
    this.history = history;
    this.beforeCheck = newest -> beforeCheck.accept(channel, newest);
    target
        .cacheChannels()
        .forEach(
            (name, each) ->
                cacheChannels.put(
                    name, new WatchedChannel(name, each, node, store, history, beforeCheck)));
  }

  @Override
  public void append(Publication publication) {
    long began = System.nanoTime();
    target.log().append(publication);
    published(publication, began);
  }

  @Override
  public boolean tryExecute(Runnable task) {
    return target.log().tryExecute(task);
  }

  @Override
  public boolean tryAppend(
      Publication publication, boolean ahead, Consumer<@Nullable ChannelException> outcome) {
    long began = System.nanoTime();
    return target
        .log()
        .tryAppend(
            publication,
            ahead,
            failure -> {
              if (failure == null) {
                published(publication, began);
              }
              outcome.accept(failure);
            });
  }

  private void published(Publication publication, long began) {
    long ended = System.nanoTime();
    String body = new String(publication.body(), StandardCharsets.UTF_8);
    Matcher keys = KEY.matcher(body);
    while (keys.find()) {
      accepted(Key.of(keys.group(1).charAt(0), Long.parseLong(keys.group(2))), began, ended);
    }
    if (body.contains("\"" + Key.PRODUCT_CACHE + "\":\"*\"")) {
      history.accepted(ended, "node-" + node, Key.PRODUCT_CACHE, null);
      for (int id = 0; id < Key.PRODUCTS; id++) {
        store.accepted(node, Key.product(id), began, ended);
      }
    }
    if (body.contains("\"" + Key.LIST_CACHE + "\":\"*\"")) {
      history.accepted(ended, "node-" + node, Key.LIST_CACHE, null);
      for (int id = 0; id < Key.LISTS; id++) {
        store.accepted(node, Key.list(id), began, ended);
      }
    }
  }

  private void accepted(Key key, long began, long ended) {
    history.accepted(ended, "node-" + node, key.cache(), key);
    store.accepted(node, key, began, ended);
  }

  @Override
  public Tip tip() {
    beforeCheck.accept(store.newest());
    return target.log().tip();
  }

  @Override
  public MessageLog log() {
    return this;
  }

  @Override
  public Feed feed() {
    return this;
  }

  @Override
  public Map<String, Channel> cacheChannels() {
    return cacheChannels;
  }

  @Override
  public String name() {
    return target.name();
  }

  @Override
  public LogPage read(Position from, int limit) {
    return target.log().read(from, limit);
  }

  @Override
  public Subscription subscribe(Subscriber subscriber) {
    return target.feed().subscribe(subscriber);
  }

  @Override
  public void close() {
    target.close();
  }
}

package io.github.cacheinvalidation.autoconfigure.internal.logging;

import com.github.benmanes.caffeine.cache.CaffeineSpec;
import io.github.cacheinvalidation.autoconfigure.internal.settings.NodeSettings;
import io.github.cacheinvalidation.autoconfigure.internal.settings.SettingNames;
import io.github.cacheinvalidation.internal.cache.CacheSettings;
import io.github.cacheinvalidation.internal.message.Excerpt;
import io.github.cacheinvalidation.internal.message.MessageEventListener;
import io.github.cacheinvalidation.internal.message.SentSettings;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * The settings of the caches of this node as texts, such as {@code spec=maximumSize=100;
 * max-staleness=10s}, which its messages carry. Logs, once for each cache and other text, that
 * another node has other settings. A part is compared only if both texts have it, because settings
 * that code makes have no spec, and those of an earlier version no channel. The channel of a node
 * and a cache channel are parts of different names, which are compared with each other: a reader
 * sees by the name that the cache is not of the channel of the sender. A limited number is
 * reported, because any program can send.
 */
public final class ComparedSettings implements MessageEventListener {

  private static final int MOST = 100;

  private static final String SPEC = "spec=";

  private static final String BOUND = "max-staleness=";

  private static final String CHANNEL = "channel=";

  /** No message has a longer text. */
  private static final int LONGEST = 200;

  private final NodeLog log;

  private final String own;

  private final Map<String, String> channels;

  private final Map<String, String> texts = new ConcurrentHashMap<>();

  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /**
   * Creates an instance without caches.
   *
   * @param own the channel of the node
   * @param channels the channels of the caches that do not use that of the node, by their names
   */
  ComparedSettings(NodeLog log, String own, Map<String, String> channels) {
    this.log = log;
    this.own = own;
    this.channels = Map.copyOf(channels);
  }

  /** Returns the texts by the names of the caches that were created so far; a view. */
  public Map<String, String> texts() {
    return Collections.unmodifiableMap(texts);
  }

  /** Notes the settings of a cache that is created, unless it is local only; returns them. */
  public CacheSettings note(String cache, CacheSettings settings) {
    if (!settings.localOnly()) {
      texts.put(cache, text(settings, channels.get(cache)));
    }
    return settings;
  }

  /**
   * Leaves out a spec for which there is no room beside the channel, as another one does more harm.
   */
  private String text(CacheSettings settings, @Nullable String cacheChannel) {
    String bound = BOUND + NodeSettings.text(settings.maxStaleness());
    String spec = settings.spec();
    String text = spec == null ? bound : SPEC + spec.replaceAll("\\s", "") + "; " + bound;
    String channel = cacheChannel == null ? own : cacheChannel;
    if (!isPrintable(channel) || channel.contains(";")) {
      return text;
    }
    String name = cacheChannel == null ? CHANNEL : SentSettings.CACHE_CHANNEL;
    String part = "; " + name + channel;
    return (text.length() + part.length() > LONGEST ? bound : text) + part;
  }

  @Override
  public void settings(String origin, Map<String, String> settings) {
    settings.forEach((cache, theirs) -> compare(origin, cache, theirs));
  }

  private void compare(String origin, String cache, String theirs) {
    String ours = texts.get(cache);
    if (ours == null || ours.equals(theirs) || !isPrintable(theirs)) {
      return;
    }
    compareChannels(origin, cache, channel(theirs), channel(ours));
    boolean differ =
        differ(BOUND, ours, theirs, String::equals)
            || differ(SPEC, ours, theirs, ComparedSettings::meanTheSame);
    if (differ && told.size() < MOST && told.add(cache + " " + theirs)) {
      log.warn(
          "Node {} has other settings of cache '{}' than this node: '{}' there, '{}' here. Compare"
              + " spring.cache.caffeine.spec, invalidation.max-staleness and {}.* of the two nodes;"
              + " during a deployment that changes them this is expected and ends with it",
          Excerpt.withDots(origin),
          cache,
          theirs,
          ours,
          SettingNames.prefix(cache));
    }
  }

  private static @Nullable String channel(String text) {
    String cacheChannel = part(text, SentSettings.CACHE_CHANNEL);
    return cacheChannel == null ? part(text, CHANNEL) : cacheChannel;
  }

  private void compareChannels(
      String origin, String cache, @Nullable String theirs, @Nullable String ours) {
    boolean differ = ours != null && theirs != null && !ours.equals(theirs);
    if (differ && told.size() < MOST && told.add(cache + " " + CHANNEL + theirs)) {
      log.warn(
          "Node {} publishes the cache '{}' on channel '{}', but this node on '{}'. Nodes that do not"
              + " follow both channels keep stale entries of it. Set {}.channel alike on all nodes, or"
              + " remove it from all; while a cache moves to another channel this is expected and"
              + " ends with the move",
          Excerpt.withDots(origin),
          cache,
          theirs,
          ours,
          SettingNames.prefix(cache));
    }
  }

  private static boolean differ(
      String part, String ours, String theirs, BiPredicate<String, String> same) {
    String own = part(ours, part);
    String other = part(theirs, part);
    return own != null && other != null && !same.test(own, other);
  }

  private static @Nullable String part(String text, String name) {
    for (String part : StringUtils.tokenizeToStringArray(text, ";")) {
      if (part.startsWith(name)) {
        return part.substring(name.length());
      }
    }
    return null;
  }

  /** Returns whether two specs are equal, or differ only in their order or in units. */
  private static boolean meanTheSame(String spec, String other) {
    try {
      return CaffeineSpec.parse(spec).equals(CaffeineSpec.parse(other));
    } catch (RuntimeException unreadable) { // of another program or another version of Caffeine
      return spec.equals(other);
    }
  }

  private static boolean isPrintable(String text) {
    return text.chars().allMatch(each -> each >= ' ' && each <= '~');
  }
}

package io.github.cacheinvalidation.architecture;

import static java.util.Map.entry;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.FillRefusal;
import io.github.cacheinvalidation.ForeignMessageReader;
import io.github.cacheinvalidation.ForeignMessageWriter;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.InvalidationGroupHandler;
import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.KeyCodec;
import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.NotPublishedException;
import io.github.cacheinvalidation.OverflowCause;
import io.github.cacheinvalidation.SourceOfTruth;
import java.util.Map;

/** Each type of the API, and why an application needs it. */
class CorePublicTypesTest extends PublicTypesContract {

  private static final Map<Class<?>, String> REASONS =
      Map.ofEntries(
          entry(CacheInvalidator.class, "invalidates from code that has no annotation"),
          entry(KeyCodec.class, "is a bean that encodes keys of a type that nodes cannot encode"),
          entry(ForeignMessageReader.class, "is a bean that reads messages of another program"),
          entry(ForeignMessageWriter.class, "is a bean that writes messages for another program"),
          entry(
              Invalidation.class,
              "is what a ForeignMessageReader returns and a ForeignMessageWriter gets"),
          entry(
              InvalidationGroupHandler.class,
              "is a bean that handles each message once in the whole fleet"),
          entry(SourceOfTruth.class, "is a bean that finds stale values in a cache"),
          entry(NotPublishedException.class, "is thrown to a caller in publish.mode await"),
          entry(
              InvalidationNode.class, "tells the status, and waits for the join before a warm-up"),
          entry(NodeStatus.class, "is the status of a node"),
          entry(InvalidationObserver.class, "is a bean that is told what happens"),
          entry(ClearReason.class, "tells an observer why a cache was cleared"),
          entry(FillRefusal.class, "tells an observer why a value was not stored"),
          entry(OverflowCause.class, "tells an observer why keys became a whole cache"));

  CorePublicTypesTest() {
    super("invalidation-core", REASONS);
  }
}

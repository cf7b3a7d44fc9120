package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;

/**
 * The caches of one channel of the node.
 *
 * @param localCaches applies each message to all caches that it names, and clears these caches only
 * @param watermark the time up to which these caches are known to be coherent
 */
public record CachesOfChannel(LocalCaches localCaches, CoherenceWatermark watermark) {}

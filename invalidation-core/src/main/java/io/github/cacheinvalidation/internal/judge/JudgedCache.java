package io.github.cacheinvalidation.internal.judge;

import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.store.EntryStore;
import java.time.Duration;

/**
 * A cache whose entries can be compared.
 *
 * @param store its entries
 * @param bound its staleness bound
 * @param watermark the time up to which it is known to be coherent
 */
public record JudgedCache(EntryStore store, Duration bound, CoherenceWatermark watermark) {}

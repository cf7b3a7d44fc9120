package io.github.cacheinvalidation.sample.page;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that the page shows at one moment. Each state is complete, so a page that missed some needs
 * only the next.
 *
 * @param boundMillis the staleness bound of the caches
 * @param redis null if the shop uses a Redis of its own choice, which the page leaves alone
 * @param medianMicros the median time from a commit to the eviction on another node
 */
record PageState(
    long boundMillis,
    boolean load,
    @Nullable Redis redis,
    @Nullable Long medianMicros,
    List<Row> products,
    List<PageNode.Seen> nodes,
    List<Travels.Seen> travels,
    List<Story.Sentence> story) {

  record Redis(boolean running, int port) {}

  /** A row of the database. */
  record Row(long id, String name, BigDecimal price) {}
}

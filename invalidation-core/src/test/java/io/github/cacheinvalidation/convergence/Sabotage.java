package io.github.cacheinvalidation.convergence;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.outbox.InvalidationSink;
import io.github.cacheinvalidation.internal.transaction.Transactions;

/** Nodes that are wrong in one point, made by giving them a part that does not do its work. */
enum Sabotage {
  NONE,
  /** Every load counts as newer than every invalidation. */
  NO_FENCE {
    @Override
    Transactions transactions(Transactions real, InvalidationSink sink) {
      return new UnfencedTransactions(real, sink);
    }
  },
  /** The check always says that nothing was missed. */
  NO_CHECK {
    @Override
    Channel channel(Channel real) {
      return new UncheckedChannel(real);
    }
  },
  /** No thread waits for a commit. */
  BEFORE_COMMIT {
    @Override
    Transactions transactions(Transactions real, InvalidationSink sink) {
      return Transactions.none();
    }
  },
  /** One node knows nothing of the cache channel: it neither listens there nor publishes there. */
  CACHE_CHANNEL_IGNORED {
    @Override
    Channels channels(int node, Channels real) {
      return node == 0 ? Channels.ONE : real;
    }
  };

  Channel channel(Channel real) {
    return real;
  }

  Transactions transactions(Transactions real, InvalidationSink sink) {
    return real;
  }

  Channels channels(int node, Channels real) {
    return real;
  }
}

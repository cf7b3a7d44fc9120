package io.github.cacheinvalidation.internal.transaction;

/**
 * A transaction that has ended but has not let go of its resources: callbacks after its completion
 * read through them. What they read may be changed and never committed, or come from a view that is
 * older than it looks, so it is never stored. Writes do not come here: there is nothing to wait
 * for.
 */
enum EndedTransaction implements UnitOfWork {
  INSTANCE;

  @Override
  public long startStamp() {
    return 0;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public int suspensions() {
    return 0;
  }

  @Override
  public void evict(WriteTarget target, Object key) {
    throw new UnsupportedOperationException("The transaction has ended");
  }

  @Override
  public void clear(WriteTarget target) {
    throw new UnsupportedOperationException("The transaction has ended");
  }

  @Override
  public void evictAhead(WriteTarget target, Object key) {
    throw new UnsupportedOperationException("The transaction has ended");
  }

  @Override
  public void clearAhead(WriteTarget target) {
    throw new UnsupportedOperationException("The transaction has ended");
  }

  @Override
  public void put(WriteTarget target, Object key, Object storeValue, long stamp) {
    throw new UnsupportedOperationException("The transaction has ended");
  }

  @Override
  public int savepointRollbacks() {
    return 0;
  }

  @Override
  public void whenCommitted(int savepointRollbacks, Runnable committed, Runnable otherwise) {
    otherwise.run();
  }
}

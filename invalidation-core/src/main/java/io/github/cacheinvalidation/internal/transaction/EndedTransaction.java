package io.github.cacheinvalidation.internal.transaction;

/**
 * A transaction that has ended but whose resources, such as its connection, are still bound to the
 * thread. Callbacks after its completion read through these resources. Such a read can see changes
 * that were never committed, or an old snapshot, so a value loaded now is never stored. Writes are
 * not gathered in an ended transaction; they are applied at once.
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

package io.github.cacheinvalidation.servers;

/** How servers are arranged and configured, and what happens to them in a test. */
enum Topology {
  STANDALONE("one server"),
  LEAST_RIGHTS("a user with the least rights"),
  PASSWORD_CHANGED("the password of the user is changed"),
  ENCRYPTED("TLS, by an SSL bundle"),
  UNIX_SOCKET("a Unix socket"),
  DATABASE_3("database 3"),
  MEMORY_FULL("memory is full, `noeviction`"),
  LEAST_RECENTLY_USED_EVICTED("memory is full, `allkeys-lru`"),
  MASTER_ISOLATED("`min-replicas-to-write`, the master is isolated"),
  SENTINEL_FAILOVER("Sentinel, a planned failover"),
  SENTINEL_MASTER_KILLED("Sentinel, the master is killed"),
  SENTINEL_MASTER_FROZEN("Sentinel, the master hangs"),
  CLUSTER("Cluster, a master is killed"),
  CLUSTER_ENCRYPTED("Cluster with TLS and a password, a master is killed");

  private final String title;

  Topology(String title) {
    this.title = title;
  }

  @Override
  public String toString() {
    return title;
  }
}

package io.github.cacheinvalidation.internal.channel.redis;

import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisClusterConnection;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisSentinelConnection;

/** A connection factory of which only the interface is known. */
record UnknownConnectionFactory(RedisConnectionFactory target) implements RedisConnectionFactory {

  @Override
  public RedisConnection getConnection() {
    return target.getConnection();
  }

  @Override
  public RedisClusterConnection getClusterConnection() {
    return target.getClusterConnection();
  }

  @Override
  public RedisSentinelConnection getSentinelConnection() {
    return target.getSentinelConnection();
  }

  @Override
  public boolean getConvertPipelineAndTxResults() {
    return target.getConvertPipelineAndTxResults();
  }

  @Override
  public @Nullable DataAccessException translateExceptionIfPossible(RuntimeException failure) {
    return target.translateExceptionIfPossible(failure);
  }
}

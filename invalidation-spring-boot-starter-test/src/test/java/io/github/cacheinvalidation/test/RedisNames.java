package io.github.cacheinvalidation.test;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The application of {@link Names} with a Redis. */
@Configuration(proxyBeanMethods = false)
@Import(Names.Application.class)
@ImportAutoConfiguration(DataRedisAutoConfiguration.class)
class RedisNames {}

package io.github.cacheinvalidation.internal.channel.redis.connection;

import org.springframework.data.redis.connection.MessageListener;
import org.springframework.data.redis.connection.SubscriptionListener;

/** Receives the messages of a subscription, and the confirmation of each topic. */
public interface TopicListener extends MessageListener, SubscriptionListener {}

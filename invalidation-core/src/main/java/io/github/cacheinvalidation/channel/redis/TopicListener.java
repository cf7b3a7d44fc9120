package io.github.cacheinvalidation.channel.redis;

import org.springframework.data.redis.connection.MessageListener;
import org.springframework.data.redis.connection.SubscriptionListener;

/** Gets the messages of a subscription, and the confirmation of each of its topics. */
interface TopicListener extends MessageListener, SubscriptionListener {}

package io.github.cacheinvalidation.internal.channel;

import java.time.Duration;

/**
 * A node as a member of a group that shares the messages of a log.
 *
 * @param group the name of the group: letters, digits, dots, hyphens and underscores
 * @param name the name of the node, different for each start
 * @param backOff the pause before the second attempt; it doubles before each later one
 * @param maxBackOff the longest pause
 * @param claimIdleTime after this time without an end, a message is given to another node
 * @param maxDeadLetters how many dead letters are kept, at least 1
 */
public record GroupMember(
    String group,
    String name,
    Duration backOff,
    Duration maxBackOff,
    Duration claimIdleTime,
    int maxDeadLetters) {}

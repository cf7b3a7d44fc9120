package io.github.cacheinvalidation.autoconfigure;

import java.time.Duration;

/** Settings of the groups that handle each message once in the whole fleet. */
public class InvalidationGroupProperties {

  /** How often a message is given to a handler before it becomes a dead letter. */
  private int maxAttempts = 10;

  /** Pause before the second attempt. It doubles before each later one. */
  private Duration backOff = Duration.ofSeconds(1);

  /** Longest pause between two attempts. */
  private Duration maxBackOff = Duration.ofSeconds(30);

  /**
   * How long a handler may work on a message. After that time the message is given to another node,
   * because this one may have died.
   */
  private Duration claimIdleTime = Duration.ofMinutes(1);

  /** How often an idle node asks Redis for a message of a group. */
  private Duration pollInterval = Duration.ofMillis(250);

  /** How long a stop waits for a running handler, before it interrupts the handler. */
  private Duration stopTimeout = Duration.ofSeconds(10);

  /** How many dead letters of a group Redis keeps. */
  private int maxDeadLetters = 1000;

  public int getMaxAttempts() {
    return maxAttempts;
  }

  public void setMaxAttempts(int maxAttempts) {
    this.maxAttempts = maxAttempts;
  }

  public Duration getBackOff() {
    return backOff;
  }

  public void setBackOff(Duration backOff) {
    this.backOff = backOff;
  }

  public Duration getMaxBackOff() {
    return maxBackOff;
  }

  public void setMaxBackOff(Duration maxBackOff) {
    this.maxBackOff = maxBackOff;
  }

  public Duration getClaimIdleTime() {
    return claimIdleTime;
  }

  public void setClaimIdleTime(Duration claimIdleTime) {
    this.claimIdleTime = claimIdleTime;
  }

  public Duration getPollInterval() {
    return pollInterval;
  }

  public void setPollInterval(Duration pollInterval) {
    this.pollInterval = pollInterval;
  }

  public Duration getStopTimeout() {
    return stopTimeout;
  }

  public void setStopTimeout(Duration stopTimeout) {
    this.stopTimeout = stopTimeout;
  }

  public int getMaxDeadLetters() {
    return maxDeadLetters;
  }

  public void setMaxDeadLetters(int maxDeadLetters) {
    this.maxDeadLetters = maxDeadLetters;
  }
}

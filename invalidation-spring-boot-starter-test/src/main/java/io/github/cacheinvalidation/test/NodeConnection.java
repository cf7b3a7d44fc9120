package io.github.cacheinvalidation.test;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.Feed;
import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.MessageLog;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.Subscriber;
import io.github.cacheinvalidation.internal.channel.Subscription;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.channel.local.LocalHub;
import io.github.cacheinvalidation.internal.message.Position;
import io.github.cacheinvalidation.internal.node.ChannelOpener;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one node to a server, with the faults that a test asks for. It is also the
 * channel of the node, which has one at a time. Faults outlive a restart of the node. Safe for use
 * by any thread; a call by the node takes no lock of this class, because the node may make it while
 * a message is delivered.
 */
final class NodeConnection implements ChannelOpener, Channel, MessageLog, Feed {

  private static final String CHANNEL = "fleet";

  private final NodeDeliveries deliveries = new NodeDeliveries();

  private LocalHub server;

  /** The server of a fork; null if the node uses the server of the fleet. */
  private @Nullable LocalHub ownServer;

  private boolean disturbed;

  private volatile boolean open;

  private volatile boolean cutOff;

  /** The channel of the present server; null while the node is stopped or cut off. */
  private volatile @Nullable Channel target;

  NodeConnection(LocalHub server) {
    this.server = server;
  }

  synchronized void cutOff() {
    disturbed = true;
    cutOff = true;
    connect();
  }

  synchronized void fork() {
    disturbed = true;
    cutOff = false;
    ownServer = new LocalHub();
    connect();
  }

  synchronized void reconnect() {
    boolean elsewhere = cutOff || ownServer != null;
    cutOff = false;
    ownServer = null;
    if (elsewhere) {
      connect();
    }
  }

  synchronized void failOver(LocalHub newServer) {
    disturbed = true;
    server = newServer;
    if (ownServer == null) {
      connect();
    }
  }

  synchronized void drop(int messages) {
    disturbed = true;
    deliveries.drop(messages);
  }

  synchronized void hold() {
    disturbed = true;
    deliveries.hold();
  }

  void release() {
    deliveries.release();
  }

  /** Ends all faults; returns whether there was one since the last call. */
  synchronized boolean heal() {
    boolean before = disturbed;
    disturbed = false;
    deliveries.drop(0);
    deliveries.release();
    reconnect();
    return before;
  }

  /** Connects the node to its present server; its subscription is lost. */
  private void connect() {
    Channel before = target;
    target = null;
    if (before != null) {
      before.close(); // first, because the node may be about to subscribe
      deliveries.lose(new ChannelException(reason("the connection"), null));
    }
    if (open && !cutOff) {
      target = (ownServer == null ? server : ownServer).open(CHANNEL);
    }
  }

  private String reason(String what) {
    return (cutOff ? "The test has cut this node off: " : "The test has replaced the server: ")
        + what
        + " failed";
  }

  private Channel target(String what) {
    Channel present = target;
    if (present == null) {
      throw new ChannelException(open ? reason(what) : "The channel is closed", null);
    }
    return present;
  }

  private MessageLog answeringLog(String what) {
    if (deliveries.isHolding()) {
      throw new ChannelException("The test holds back what reaches this node: " + what, null);
    }
    return target(what).log();
  }

  @Override
  public synchronized Channel open() {
    open = true;
    connect();
    return this;
  }

  @Override
  public synchronized void close() {
    open = false;
    Channel present = target;
    target = null;
    if (present != null) {
      present.close();
    }
  }

  @Override
  public String name() {
    return CHANNEL;
  }

  @Override
  public MessageLog log() {
    return this;
  }

  @Override
  public Feed feed() {
    return this;
  }

  @Override
  public void append(Publication publication) {
    Channel present = target("the publication");
    deliveries.expectOwn(publication.nonce());
    present.log().append(publication);
  }

  @Override
  public boolean answersAtOnce() {
    return target != null && !deliveries.isHolding();
  }

  @Override
  public Tip tip() {
    return answeringLog("the answer to a check").tip();
  }

  @Override
  public LogPage read(Position from, int limit) {
    return answeringLog("a page of the log").read(from, limit);
  }

  @Override
  public Subscription subscribe(Subscriber subscriber) {
    return deliveries.subscribe(target("the subscription").feed(), subscriber);
  }
}

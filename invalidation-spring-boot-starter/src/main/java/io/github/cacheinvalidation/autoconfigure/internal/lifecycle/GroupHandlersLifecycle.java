package io.github.cacheinvalidation.autoconfigure.internal.lifecycle;

import io.github.cacheinvalidation.InvalidationGroupHandler;
import io.github.cacheinvalidation.autoconfigure.InvalidationProperties;
import io.github.cacheinvalidation.autoconfigure.internal.logging.LoggingGroupListener;
import io.github.cacheinvalidation.autoconfigure.internal.logging.NodeLog;
import io.github.cacheinvalidation.autoconfigure.internal.settings.InvalidSettingException;
import io.github.cacheinvalidation.autoconfigure.internal.settings.ValidGroupSettings;
import io.github.cacheinvalidation.internal.group.GroupSettings;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Hands messages to the handlers while the application runs. The handlers are looked up at the
 * start, when all beans exist, because a handler may need the caches. It starts after the node and
 * stops before it. A node with handlers is started, also if it is beside another cache manager and
 * has no cache yet.
 */
public final class GroupHandlersLifecycle extends AfterNodeLifecycle {

  private final DefaultInvalidationNode node;

  private final ObjectProvider<InvalidationGroupHandler> handlers;

  private final GroupSettings settings;

  private final boolean enabled;

  public GroupHandlersLifecycle(
      DefaultInvalidationNode node,
      ObjectProvider<InvalidationGroupHandler> handlers,
      InvalidationProperties properties) {
    this.node = node;
    this.handlers = handlers;
    this.settings = ValidGroupSettings.of(properties.getGroups());
    this.enabled = properties.isEnabled();
  }

  @Override
  void begin() {
    List<InvalidationGroupHandler> present = handlers.orderedStream().toList();
    if (present.isEmpty()) {
      return;
    }
    LoggingGroupListener listener =
        new LoggingGroupListener(NodeLog.of(node), System::nanoTime, settings);
    if (!enabled) {
      listener.unused(present.stream().map(InvalidationGroupHandler::group).toList());
      return;
    }
    try {
      node.groups().handle(present, settings, listener);
    } catch (IllegalArgumentException refused) {
      throw new InvalidSettingException(
          "An InvalidationGroupHandler bean has no valid group: " + refused.getMessage(),
          "Let its method group() return another name",
          refused);
    }
    node.start();
  }

  @Override
  void end() {
    node.groups().release();
  }
}

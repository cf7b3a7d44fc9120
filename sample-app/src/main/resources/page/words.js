// The words and figures that the page shows.

const STATES = {
  COHERENT: ["Coherent", "good"],
  CATCHING_UP: ["Catching up", "busy"],
  SUSPECTING: ["Suspecting", "busy"],
  CUT_OFF: ["Cut off", "bad"],
  JOINING: ["Joining", "busy"],
  STOPPED: ["Stopped", "off"],
};

const LIVES = {
  STARTING: ["Starting", "busy"],
  STOPPING: ["Stopping", "busy"],
  STOPPED: ["Stopped", "off"],
};

/** The name of a node's state, and the kind of state. */
export function stateOf(node) {
  return LIVES[node.life] ?? STATES[node.status?.state] ?? ["Unknown", "off"];
}

/** A duration in the unit in which a person says it. */
export function micros(value) {
  if (value < 1000) {
    return `${value} µs`;
  }
  if (value < 1e6) {
    return `${(value / 1000).toFixed(value < 1e4 ? 1 : 0)} ms`;
  }
  return `${(value / 1e6).toFixed(1)} s`;
}

/** An age in seconds, or in minutes from two minutes on. */
export function age(millis) {
  const seconds = Math.max(0, millis) / 1000;
  if (seconds < 10) {
    return `${seconds.toFixed(1)} s`;
  }
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

export function price(value) {
  return Number(value).toFixed(2);
}

/** Sets the text of an element, only if it differs, so that nothing flickers or is read twice. */
export function say(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Sets an attribute, only if it differs. */
export function mark(element, name, value) {
  if (element.getAttribute(name) !== value) {
    element.setAttribute(name, value);
  }
}

/** An element with a class and a text; the text is never read as HTML. */
export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) {
    made.className = className;
  }
  if (text !== undefined) {
    made.textContent = text;
  }
  return made;
}

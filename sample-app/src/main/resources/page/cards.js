// One card for each node: what it holds, how old that is, and its buttons.
import { age, element, mark, price, say, stateOf } from "./words.js";

const COUNTS = [
  ["hits", "Hits", (counts) => counts.hits],
  ["loads", "Loads", (counts) => counts.loads],
  ["evicted", "Evicted", (counts) => counts.events.evicted],
  ["cleared", "Cleared", (counts) => counts.events.cleared],
  ["replayed", "Replayed", (counts) => counts.events.replayed],
  ["refused", "Refused", (counts) => counts.events.refused],
  ["consistent", "Consistent", (counts) => consistent(counts.judged)],
];

/** A node asks Redis once a second; below this age it is up to date. */
const CURRENT_MILLIS = 2500;

const ALWAYS = new Set(["start", "stop"]);

/** How many of the compared products were what the database has. */
function consistent({ compared, stale }) {
  return compared === 0 ? "–" : `${compared - stale} of ${compared}`;
}

export class Card {
  constructor(number, template) {
    this.number = number;
    this.root = template.content.firstElementChild.cloneNode(true);
    this.root.id = `node-${number}`;
    this.find = (selector) => this.root.querySelector(selector);
    const title = this.find("h2");
    title.id = `node-name-${number}`;
    title.append(`Node ${number}`, element("small", "port"));
    this.root.setAttribute("aria-labelledby", title.id);
    for (const [name, label] of COUNTS) {
      const pair = element("div");
      pair.append(element("dt", "", label), element("dd", `count-${name}`, "–"));
      this.find(".counts").append(pair);
    }
    for (const button of this.root.querySelectorAll("button")) {
      button.dataset.node = number;
      button.setAttribute("aria-describedby", title.id);
    }
    this.rows = new Map();
    this.evicted = { text: "", until: 0 };
  }

  /** Shows a state. Ages follow in show(). */
  update(node, state) {
    this.node = node;
    this.bound = state.boundMillis;
    const [name, kind] = stateOf(node);
    mark(this.root, "data-kind", kind);
    mark(this.root, "data-linked", String(node.linked && (state.redis?.running ?? true)));
    say(this.find(".state-name"), name);
    say(this.find(".port"), `:${node.port}`);
    const truth = new Map(state.products.map((row) => [row.id, row.price]));
    for (const row of state.products) {
      this.#row(`p${row.id}`, row.name, node.entries.find((each) => each.id === row.id), truth.get(row.id));
    }
    const list = node.list;
    const stale = list?.entries.some((each) => each.price !== truth.get(each.id));
    this.#list(list, stale);
    for (const [key, , value] of COUNTS) {
      say(this.find(`.count-${key}`), node.counts ? String(value(node.counts)) : "–");
    }
    this.#buttons(node, state);
  }

  #cells(key, name) {
    let row = this.rows.get(key);
    if (!row) {
      row = element("tr");
      const head = element("th");
      head.scope = "row";
      row.append(head, element("td", "number price"), element("td", "number held"));
      this.rows.set(key, row);
      this.find("tbody").append(row);
    }
    say(row.firstChild, name);
    return row;
  }

  #row(key, name, entry, truth) {
    const row = this.#cells(key, name);
    const stale = entry !== undefined && entry.price !== truth;
    mark(row, "data-held", entry === undefined ? "no" : stale ? "old" : "yes");
    say(row.children[1], entry === undefined ? "" : price(entry.price) + (stale ? " old" : ""));
    row.loadedAt = entry?.loadedAt;
  }

  #list(list, stale) {
    const row = this.#cells("list", "List of coffee");
    mark(row, "data-held", !list ? "no" : stale ? "old" : "yes");
    say(row.children[1], list ? `${list.size} items${stale ? " old" : ""}` : "");
    row.loadedAt = list?.loadedAt;
  }

  #buttons(node, state) {
    const stopped = node.life === "STOPPED";
    for (const button of this.root.querySelectorAll("button")) {
      const action = button.dataset.action;
      if (action === "cut" || action === "connect") {
        mark(button, "data-action", node.linked ? "cut" : "connect");
        say(button, node.linked ? "Cut off" : "Reconnect");
        button.hidden = !state.redis;
      }
      if (action === "stop" || action === "start") {
        mark(button, "data-action", stopped ? "start" : "stop");
        say(button, stopped ? "Start" : "Stop");
      }
      const moving = node.life === "STARTING" || node.life === "STOPPING";
      button.disabled = moving || (stopped && !ALWAYS.has(button.dataset.action));
    }
  }

  /** Notes that a message has evicted entries here; the empty rows say how fast for some seconds. */
  note(text, until) {
    this.evicted = { text, until };
  }

  /** Shows the ages at one moment. */
  show(now) {
    const node = this.node;
    if (!node) {
      return;
    }
    const fresh = now < this.evicted.until;
    for (const row of this.rows.values()) {
      const held = row.loadedAt !== undefined;
      const text = held ? age(now - row.loadedAt) : fresh && row.wasHeld ? this.evicted.text : "–";
      say(row.children[2], text);
      mark(row, "data-evicted", String(!held && fresh && row.wasHeld === true));
      if (held || !fresh) {
        row.wasHeld = held;
      }
    }
    const confirmed = node.status ? now - node.status.confirmed : undefined;
    say(this.find(".confirmed"), this.#confirmation(node, confirmed));
    const part = confirmed === undefined || confirmed < CURRENT_MILLIS ? 0 : Math.min(1, Math.max(0, confirmed / this.bound));
    this.find(".fill").style.transform = `scaleX(${part.toFixed(3)})`;
  }

  #confirmation(node, confirmed) {
    if (confirmed === undefined) {
      return "Holds nothing";
    }
    const bound = this.bound / 1000;
    const waiting = node.status.pending > 0 ? `, ${node.status.pending} keys wait` : "";
    if (confirmed < CURRENT_MILLIS) {
      return `Confirmed just now${waiting}`;
    }
    return confirmed < this.bound / 2
      ? `Confirmed ${age(confirmed)} ago, clears at ${bound / 2} to ${bound} s${waiting}`
      : `Confirmed ${age(confirmed)} ago, serves nothing older${waiting}`;
  }
}

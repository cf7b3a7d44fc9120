// The way of each invalidation: dots that travel, and the list with the times.
import { element, micros, say } from "./words.js";

const STEP_MILLIS = 450;
const still = matchMedia("(prefers-reduced-motion: reduce)");

/** Lets a dot travel from a node to Redis, and from there to each node that has evicted. */
export class Traveller {
  constructor(stage, redis) {
    this.stage = stage;
    this.redis = redis;
  }

  async travel(from, to) {
    if (still.matches || document.hidden) {
      return;
    }
    if (from) {
      await this.#move([this.#port(from), this.#entry(from)]);
    }
    await Promise.all(
      to.map((card) =>
        this.#move([this.#entry(from ?? card), this.#entry(card), this.#port(card)]),
      ),
    );
  }

  /** Where the link of a card begins, and where it enters Redis; the same column in each layout. */
  #port(card) {
    const link = card.root.querySelector(".link").getBoundingClientRect();
    const stage = this.stage.getBoundingClientRect();
    return [link.left + link.width / 2 - stage.left, link.top - stage.top];
  }

  #entry(card) {
    const [x] = this.#port(card);
    const stage = this.stage.getBoundingClientRect();
    const redis = this.redis.getBoundingClientRect();
    return [x, redis.top - stage.top];
  }

  #move(points) {
    const dot = element("span", "traveller");
    dot.setAttribute("aria-hidden", "true");
    this.stage.append(dot);
    const frames = points.map(([x, y]) => ({ transform: `translate(${x}px, ${y}px)` }));
    const motion = dot.animate(frames, { duration: STEP_MILLIS * (points.length - 1), easing: "ease-in-out" });
    return motion.finished.catch(() => {}).finally(() => dot.remove());
  }
}

/** The list of the last invalidations, newest first; each line is updated in place. */
export class TravelList {
  constructor(list) {
    this.list = list;
    this.lines = new Map();
  }

  reset() {
    this.list.replaceChildren();
    this.lines.clear();
  }

  update(travels, products) {
    const known = new Set(travels.map((each) => each.id));
    for (const [id, line] of this.lines) {
      if (!known.has(id)) {
        line.remove();
        this.lines.delete(id);
      }
    }
    for (const travel of [...travels].reverse()) {
      let line = this.lines.get(travel.id);
      if (!line) {
        line = element("li");
        line.append(element("span", "what"), element("span", "times"));
        this.lines.set(travel.id, line);
        this.list.prepend(line);
      }
      const who = travel.from === 0 ? "" : `Node ${travel.from}: `;
      say(line.children[0], who + named(travel.what, products));
      say(line.children[1], travel.arrivals.map(arrival).join("   ") || "no other node");
    }
  }
}

function named(what, products) {
  const product = products.find((each) => what === `product ${each.id}`);
  return product ? product.name : what;
}

function arrival({ node, micros: time, how }) {
  if (how === null) {
    return `node ${node} waits`;
  }
  if (time === null) {
    return `node ${node} evicted`;
  }
  const note = how === "replay" ? " by replay" : how === "merged" ? " with a later one" : "";
  return `node ${node} ${micros(time)}${note}`;
}

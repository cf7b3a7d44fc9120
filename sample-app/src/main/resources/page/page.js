// Shows each state that the shop sends, and sends what the buttons ask for.
import { Card } from "./cards.js";
import { TravelList, Traveller } from "./travels.js";
import { element, mark, micros, price, say } from "./words.js";

const NOTE_MILLIS = 6000;
const TICK_MILLIS = 250;

const byId = (id) => document.getElementById(id);
const cards = new Map();
const stage = byId("stage");
const wide = matchMedia("(min-width: 75rem)");
const MOST_IN_A_ROW = 4;
const traveller = new Traveller(stage, byId("redis"));
const list = new TravelList(byId("travels"));
const seen = new Map();
let first = true;
let state;

function update(next) {
  state = next;
  for (const node of state.nodes) {
    let card = cards.get(node.number);
    if (!card) {
      card = new Card(node.number, byId("node-template"));
      cards.set(node.number, card);
      byId("nodes").append(card.root);
    }
    card.update(node, state);
  }
  layout();
  products();
  redis();
  story();
  travels();
  list.update(state.travels, state.products);
  say(byId("load"), state.load ? "Stop the load" : "Start a small load");
  byId("load").dataset.action = state.load ? "load/stop" : "load/start";
  tick();
  first = false;
}

function layout() {
  const row = wide.matches && cards.size <= MOST_IN_A_ROW;
  mark(stage, "data-layout", row ? "row" : "column");
  stage.style.setProperty("--nodes", String(cards.size));
}

function products() {
  const select = byId("product");
  state.products.forEach((row, index) => {
    const option = select.options[index] ?? select.appendChild(element("option"));
    option.value = String(row.id);
    say(option, row.name);
  });
  truth();
  while (select.options.length > state.products.length) {
    select.lastElementChild.remove();
  }
}

function truth() {
  const chosen = state?.products.find((row) => String(row.id) === byId("product").value);
  say(byId("truth"), chosen ? `${price(chosen.price)} in the database` : "");
}

function redis() {
  const own = state.redis;
  const running = own?.running ?? true;
  stage.dataset.redis = running ? "running" : "stopped";
  byId("redis-switch").hidden = !own;
  say(byId("redis-switch"), running ? "Stop Redis" : "Start Redis");
  byId("redis-switch").dataset.action = running ? "redis/stop" : "redis/start";
  say(byId("redis-state"), running ? "carries messages, no values" : "stopped");
  say(byId("median"), state.medianMicros === null ? "" : `Usually ${micros(state.medianMicros)} from commit to eviction`);
}

function story() {
  const [newest, ...earlier] = state.story;
  say(byId("sentence"), newest?.text ?? "");
  say(byId("promise"), newest?.promise ? `${newest.promise} ${newest.title}` : "");
  byId("promise").hidden = !newest?.promise;
  const lines = byId("story");
  earlier.forEach((each, index) => {
    let line = lines.children[index];
    if (!line) {
      line = lines.appendChild(element("li"));
      line.append(element("span"), element("b"));
    }
    say(line.firstChild, each.text);
    say(line.lastChild, each.promise ?? "");
  });
  while (lines.children.length > earlier.length) {
    lines.lastElementChild.remove();
  }
}

/** Lets a dot travel for each arrival that the page has not seen before. */
function travels() {
  for (const travel of state.travels) {
    const before = seen.get(travel.id) ?? new Set();
    const arrived = travel.arrivals.filter((each) => each.how !== null && !before.has(each.node));
    seen.set(travel.id, new Set([...before, ...arrived.map((each) => each.node)]));
    if (first || arrived.length === 0) {
      continue;
    }
    const until = Date.now() + NOTE_MILLIS;
    for (const { node, micros: time } of arrived) {
      cards.get(node)?.note(time === null ? "evicted" : `evicted ${micros(time)}`, until);
    }
    const fromCard = before.size === 0 ? cards.get(travel.from) : undefined;
    fromCard?.note("evicted first", until);
    traveller.travel(fromCard, arrived.map((each) => cards.get(each.node)).filter(Boolean));
  }
  const known = new Set(state.travels.map((each) => each.id));
  for (const id of seen.keys()) {
    if (!known.has(id)) {
      seen.delete(id);
    }
  }
}

function tick() {
  for (const card of cards.values()) {
    card.show(Date.now());
  }
}

async function act(button) {
  const { action, node } = button.dataset;
  const path = node ? `nodes/${node}/${action}` : action;
  button.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(`${path}?product=${byId("product").value}`, { method: "POST" });
    say(byId("problem"), answer.ok ? "" : (await answer.text()).trim());
  } catch {
    say(byId("problem"), "The shop does not answer.");
  } finally {
    button.removeAttribute("aria-busy");
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-action]");
  if (button && button.getAttribute("aria-busy") !== "true") {
    act(button);
  }
});

byId("product").addEventListener("change", truth);

function connect() {
  const events = new EventSource("events");
  events.onopen = () => {
    // After a restart of the shop, numbers begin anew.
    first = true;
    seen.clear();
    list.reset();
  };
  events.onmessage = (event) => {
    say(byId("stream"), "Live");
    document.body.dataset.stream = "live";
    update(JSON.parse(event.data));
  };
  events.onerror = () => {
    say(byId("stream"), "Reconnecting …");
    document.body.dataset.stream = "lost";
    if (events.readyState === EventSource.CLOSED) {
      events.close();
      setTimeout(connect, 1000);
    }
  };
}

wide.addEventListener("change", layout);
setInterval(tick, TICK_MILLIS);
connect();

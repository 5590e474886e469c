// What the script adds to a page that is complete without it: tabs, copying, search, and the current place in the outline.
// It runs in the reader's browser, inlined; every word that it shows is already in the page.

const all = <T extends HTMLElement>(selector: string, within: ParentNode = document) => [
  ...within.querySelectorAll<T>(selector),
];

// --- Tabs: one of several alternatives at a time ---

function select(chosen: HTMLElement): void {
  const group = chosen.parentElement as HTMLElement;
  for (const tab of all("[role=tab]", group)) {
    const isChosen = tab.getAttribute("aria-controls") === chosen.id;
    tab.ariaSelected = String(isChosen);
    tab.tabIndex = isChosen ? 0 : -1;
    const panel = document.getElementById(tab.getAttribute("aria-controls") ?? "");
    if (isChosen) panel?.removeAttribute("hidden");
    else panel?.setAttribute("hidden", "until-found"); // the browser's own search still finds it
  }
}

for (const group of all("[data-tabs]")) {
  const panels = all(":scope > section", group);
  if (panels.length < 2) continue;
  const list = document.createElement("div");
  list.role = "tablist";
  list.ariaLabel = group.dataset.tabs ?? "";
  for (const panel of panels) {
    const heading = panel.firstElementChild as HTMLElement;
    const tab = document.createElement("button");
    tab.type = "button";
    tab.role = "tab";
    tab.id = `${panel.id}.tab`;
    tab.textContent = heading.textContent;
    tab.setAttribute("aria-controls", panel.id);
    tab.addEventListener("click", () => select(panel));
    heading.hidden = true;
    panel.role = "tabpanel";
    panel.setAttribute("aria-labelledby", tab.id);
    panel.addEventListener("beforematch", () => select(panel));
    list.append(tab);
  }
  list.addEventListener("keydown", (event) => {
    const tabs = all("[role=tab]", list);
    const at = tabs.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const tab = tabs.at(to % tabs.length) as HTMLElement;
    tab.focus();
    tab.click();
  });
  group.prepend(list);
  select(panels[0] as HTMLElement);
}

/** Scrolls to the address's target in its tab again: hiding the other tabs has moved everything after them. */
function reveal(): void {
  const target = document.querySelector(":target");
  const panel = target?.closest<HTMLElement>("[role=tabpanel]");
  if (panel) select(panel);
  target?.scrollIntoView();
}
addEventListener("hashchange", reveal);
addEventListener("load", reveal);

// --- Copying ---

const said = document.getElementById("said") as HTMLElement;
for (const button of all<HTMLButtonElement>("button.copy")) {
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const code = button.closest(".code")?.querySelector("pre") as HTMLElement;
    let text = said.dataset.copied;
    try {
      await navigator.clipboard.writeText(code.textContent ?? ""); // over plain HTTP there is no clipboard
    } catch {
      getSelection()?.selectAllChildren(code);
      text = said.dataset.failed;
    }
    said.textContent = button.textContent = text ?? "";
    setTimeout(() => {
      button.textContent = label;
      said.textContent = "";
    }, 2000);
  });
}

// --- Search: in every part of the page that has an id ---

interface Entry {
  id: string;
  title: string;
  text: string;
}

/** Each text belongs to the nearest part around it. */
function readEntries(): Entry[] {
  const texts = new Map<Element, string>();
  const walker = document.createTreeWalker(document.querySelector("main") as HTMLElement, NodeFilter.SHOW_TEXT);
  let before: Element | null | undefined;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const owner = node.parentElement?.closest("main [id]");
    if (!owner || node.parentElement?.closest(".anchor, .bar")) continue;
    const block = node.parentElement?.closest("p, li, pre, h1, h2, h3, h4, h5, h6");
    texts.set(owner, `${texts.get(owner) ?? ""}${block === before ? "" : " "}${node.textContent}`);
    before = block;
  }
  return [...texts].map(([owner, text]) => {
    const title = owner.querySelector("h1, h2, h3, h4, h5, h6, code")?.textContent ?? owner.id;
    return { id: owner.id, title, text: text.replaceAll(/\s+/g, " ").trim() };
  });
}

/** Without case and accents, so that "codigo" finds "Código". */
const fold = (text: string) => text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();

/** The better the match, the lower the rank; undefined if there is none. */
function rank({ id, title, text }: Entry, query: string): number | undefined {
  const [name, whole] = [fold(title), fold(`${id} ${title} ${text}`)];
  if (!query.split(" ").every((word) => whole.includes(word))) return undefined;
  return [name === query, name.startsWith(query), name.includes(query), fold(id).includes(query), true].indexOf(true);
}

const box = document.querySelector("search") as HTMLElement;
const input = box.querySelector("input") as HTMLInputElement;
const status = box.querySelector("[role=status]") as HTMLElement;
const results = box.querySelector("ul") as HTMLElement;
let entries: Entry[] | undefined;

function showResults(): void {
  const query = fold(input.value).trim().replaceAll(/\s+/g, " ");
  entries ??= readEntries();
  const found = (query ? entries : [])
    .map((entry) => ({ entry, rank: rank(entry, query) }))
    .filter((match) => match.rank !== undefined)
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0));
  const { found: some = "", none = "" } = box.dataset;
  status.textContent = !query ? "" : found.length > 0 ? some.replace("{count}", String(found.length)) : none;
  results.replaceChildren(...found.map(({ entry }) => resultItem(entry, query)));
}

function resultItem({ id, title, text }: Entry, query: string): HTMLElement {
  const [item, link, name, excerpt] = ["li", "a", "strong", "span"].map((tag) => document.createElement(tag));
  const at = Math.max(0, fold(text).indexOf(query) - 30);
  (name as HTMLElement).textContent = title;
  (excerpt as HTMLElement).textContent = ` ${at > 0 ? "…" : ""}${text.slice(at, at + 110)}`;
  (link as HTMLAnchorElement).href = `#${id}`;
  link?.append(name as HTMLElement, excerpt as HTMLElement);
  item?.append(link as HTMLElement);
  return item as HTMLElement;
}

function clear(): void {
  input.value = "";
  showResults();
}

box.hidden = false;
input.addEventListener("input", showResults);
results.addEventListener("click", () => setTimeout(clear));
box.addEventListener("keydown", (event) => {
  const links = all<HTMLAnchorElement>("a", results);
  const stops = [input, ...links];
  const at = stops.indexOf(document.activeElement as HTMLInputElement);
  if (event.key === "Enter" && document.activeElement === input) links[0]?.click();
  else if (event.key === "Escape") {
    input.focus();
    clear();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    stops[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
  }
});

// --- The current place in the outline ---

const outline = all<HTMLAnchorElement>("nav.contents a")
  .map((link) => ({ link, place: document.getElementById(decodeURIComponent(link.hash.slice(1))) as HTMLElement }))
  .filter(({ place }) => !place.closest(".aside")); // it does not scroll with the text

function markPlace(): void {
  const isAtEnd = scrollY + innerHeight > document.documentElement.scrollHeight - 2;
  const line = isAtEnd ? innerHeight : innerHeight / 3;
  const current = outline.findLast(({ place }) => place.getBoundingClientRect().top < line) ?? outline[0];
  for (const { link } of outline) link.ariaCurrent = link === current?.link ? "location" : null;
}
addEventListener("scroll", () => requestAnimationFrame(markPlace), { passive: true });
markPlace();

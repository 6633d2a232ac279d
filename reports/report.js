"use strict";
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);

  // Light or dark: as the system has it, until somebody chooses.
  const theme = byId("theme");
  const kept = { get: () => { try { return localStorage.getItem("flmparse-theme"); } catch { return null; } },
                 set: (value) => { try { localStorage.setItem("flmparse-theme", value); } catch { /* a file may not keep anything */ } } };
  const dark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const told = () => { theme.textContent = dark() ? "Light" : "Dark"; theme.setAttribute("aria-pressed", String(dark())); };
  if (["light", "dark"].includes(kept.get())) root.dataset.theme = kept.get();
  theme.hidden = false;
  theme.addEventListener("click", () => { root.dataset.theme = dark() ? "light" : "dark"; kept.set(root.dataset.theme); told(); });
  told();

  // Filters.
  const form = byId("filters");
  const fields = ["gate", "status", "rule", "pair", "node"];
  const items = [...document.querySelectorAll("[data-status]")];
  const leaves = items.filter((item) => !item.querySelector("[data-status]"));
  const parents = items.filter((item) => item.querySelector("[data-status]"));
  const pairs = [...document.querySelectorAll(".pair-row")];
  const rules = [...document.querySelectorAll(".rule-row")];
  const gates = [...document.querySelectorAll(".gate")];
  const groups = [...document.querySelectorAll(".group, .all-rules")];
  const textOf = new Map();
  const words = (item) => {
    if (!textOf.has(item)) {
      const around = item.parentElement.closest("[data-status]");
      const head = around ? `${around.querySelector("header").textContent} ${around.querySelector(".requirement").textContent}` : "";
      textOf.set(item, `${head} ${item.textContent}`.toLowerCase());
    }
    return textOf.get(item);
  };
  const has = (item, field, value) => !value || (item.dataset[field] || "").split(" ").includes(value);
  const opened = new Set();

  const apply = () => {
    const wanted = Object.fromEntries(fields.map((field) => [field, byId(`filter-${field}`).value.trim()]));
    const text = byId("filter-text").value.trim().toLowerCase();
    const active = Boolean(text) || fields.some((field) => wanted[field]);
    let shown = 0;
    for (const item of leaves) {
      const fits = fields.every((field) => has(item, field, wanted[field])) && (!text || words(item).includes(text));
      item.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    for (const item of parents) item.hidden = !item.querySelector("[data-status]:not([hidden])");
    for (const row of pairs) row.hidden = !(has(row, "pair", wanted.pair) && (!text || words(row).includes(text)));
    for (const row of rules) row.hidden = Boolean(wanted.rule) && row.id !== `rule-${wanted.rule}`;
    for (const group of groups) {
      const some = group.querySelector("[data-status]:not([hidden])");
      group.hidden = !some;
      if (group.tagName === "DETAILS") {
        if (active && some && !group.open) { group.open = true; opened.add(group); }
        if (!active && opened.delete(group)) group.open = false;
      }
    }
    for (const gate of gates) gate.hidden = active && !gate.querySelector("[data-status]:not([hidden])");
    byId("filter-count").textContent = `${shown} of ${leaves.length} findings and answers shown`;
  };
  let waiting = 0;
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(apply, 120); };
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", soon);
  form.addEventListener("change", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("keydown", (event) => { if (event.key === "Escape") form.reset(); });
  apply();

  // A link may lead into something folded or filtered away.
  const reveal = () => {
    const target = location.hash.length > 1 && byId(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]")) { form.reset(); apply(); }
    for (let inside = target; inside; inside = inside.parentElement) if (inside.tagName === "DETAILS") inside.open = true;
    if (target.tagName === "SECTION" || target.tagName === "DETAILS") { target.scrollIntoView(); return; }
    target.scrollIntoView({ block: "center" });
    target.setAttribute("tabindex", "-1");
    target.focus({ preventScroll: true });
  };
  addEventListener("hashchange", reveal);
  reveal();

  // On paper nothing is folded.
  const folded = new Set();
  addEventListener("beforeprint", () => { for (const part of document.querySelectorAll("details:not([open])")) { part.open = true; folded.add(part); } });
  addEventListener("afterprint", () => { for (const part of folded) part.open = false; folded.clear(); });
})();

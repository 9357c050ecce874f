// Search, charts and printing. Works from a folder: nothing is fetched, whatever is drawn stands in a table of the page.
(() => {
  "use strict";
  const root = document.documentElement.dataset.root || "";
  const number = (text) => (text === undefined || text === "" ? null : Number(text));

  // ---- charts
  function rowsOf(table) {
    const charted = [...table.tHead.rows[0].cells].map((th, at) => ({ at, name: th.dataset.c, label: th.textContent }))
      .filter((column) => column.name !== undefined);
    const wide = charted.some((column) => column.name !== "");
    const rows = [];
    for (const tr of table.tBodies[0].rows) {
      const head = { row: tr.cells[0].textContent, main: tr.dataset.main !== undefined };
      if (wide) {
        for (const { at, name } of charted) {
          const cell = tr.cells[at];
          const words = cell.classList.contains("t") && cell.textContent.trim();
          head[name] = cell.classList.contains("t") ? words || null : number(cell.dataset.v);
        }
        rows.push(head);
        continue;
      }
      charted.forEach(({ at, label }, i) => {
        const cell = tr.cells[at];
        const [value, lo, hi] = [cell.dataset.v, cell.dataset.lo, cell.dataset.hi].map(number);
        const text = cell.firstChild ? cell.firstChild.textContent.trim() : "";
        const isLast = tr === table.tBodies[0].rows[table.tBodies[0].rows.length - 1];
        const first = i === 0 ? { mainValue: value, mainLo: lo, mainHi: hi } : {};
        rows.push({ ...head, series: label, i, value, text, ...first, label: i === 0 && isLast ? text : "" });
      });
    }
    return rows;
  }

  async function draw(figure) {
    const place = figure.querySelector(".plot");
    const rows = rowsOf(figure.querySelector("table"));
    const spec = structuredClone(window.CORE_CHARTS[figure.dataset.chart]);
    spec.data.find((data) => data.name === "rows").values = rows;
    spec.signals.find((signal) => signal.name === "unit").value = figure.dataset.unit;
    // 1: errors alone; a run chart without limits is none
    const options = { mode: "vega", renderer: "svg", actions: false, tooltip: false, logLevel: 1 };
    const { view } = await window.CORE_EMBED(place, spec, options);
    // the place has the words for who does not see it; what is inside would only repeat them badly
    place.querySelector("svg").setAttribute("aria-hidden", "true");
    figure.coreView = view;
  }

  async function drawAll() {
    for (const figure of document.querySelectorAll("figure[data-chart]")) {
      await draw(figure);
    }
    document.documentElement.dataset.charts = "drawn";
  }

  // ---- search
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  function search(form) {
    const input = form.querySelector("input");
    const list = form.querySelector("ul");
    const told = form.querySelector("[role=status]");
    const show = () => {
      const words = plain(input.value).split(/\s+/).filter(Boolean);
      list.replaceChildren();
      if (!words.length) { told.textContent = ""; return; }
      const found = (window.CORE_PLACES || []).filter((place) => {
        const text = plain(`${place[0]} ${place[1]} ${place[2]}`);
        return words.every((word) => text.includes(word));
      });
      for (const [code, name, district, path] of found.slice(0, 12)) {
        const link = document.createElement("a");
        link.href = root + path;
        link.textContent = name;
        const where = document.createElement("small");
        where.textContent = district || code;
        const item = document.createElement("li");
        item.append(link, " ", where);
        list.append(item);
      }
      told.textContent = found.length > 12 ? `${found.length} found, the first 12 are shown`
        : found.length === 1 ? "1 found" : `${found.length || "Nothing"} found`;
    };
    input.addEventListener("input", show);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      show();
      const first = list.querySelector("a");
      if (first) first.click();
    });
    form.addEventListener("keydown", (event) => {
      const links = [...list.querySelectorAll("a")];
      const at = links.indexOf(document.activeElement);
      if (event.key === "Escape") { input.value = ""; show(); input.focus(); }
      if (event.key === "ArrowDown" && at + 1 < links.length) { event.preventDefault(); links[at + 1].focus(); }
      if (event.key === "ArrowUp" && at >= 0) { event.preventDefault(); (links[at - 1] || input).focus(); }
    });
    if (input.value) show();
  }

  // ---- filters of long tables
  function filter(input) {
    const rows = [...document.getElementById(input.dataset.filter).querySelectorAll("tbody tr")];
    const told = input.closest("p").querySelector("[role=status]");
    input.addEventListener("input", () => {
      const words = plain(input.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        row.hidden = !words.every((word) => plain(row.textContent).includes(word));
        shown += row.hidden ? 0 : 1;
      }
      told.textContent = words.length ? `${shown} rows` : "";
    });
  }

  // ---- the sheet for a meeting: what fits two pages; everything folded is opened for any other print
  const sheet = new URLSearchParams(location.search).has("sheet");
  if (sheet) document.documentElement.classList.add("sheet");
  window.addEventListener("beforeprint", () => {
    if (document.documentElement.classList.contains("sheet")) return;
    for (const fold of document.querySelectorAll("details:not([open])")) { fold.open = true; fold.dataset.opened = ""; }
  });
  window.addEventListener("afterprint", () => {
    for (const fold of document.querySelectorAll("details[data-opened]")) { fold.open = false; delete fold.dataset.opened; }
    document.documentElement.classList.toggle("sheet", sheet);
  });
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      document.documentElement.classList.toggle("sheet", button.dataset.print === "sheet");
      window.print();
    });
  }

  document.querySelectorAll("form[role=search]").forEach(search);
  document.querySelectorAll("input[data-filter]").forEach(filter);
  if (window.CORE_EMBED) drawAll();
})();

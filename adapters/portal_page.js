// Run inside the bureau's pages: reads a sheet in one go, fills a form in one go, by the events that a person's input fires.
({
  read(sheets) {
    const one = (root, path) => {
      const at = path.indexOf("@");
      const css = at < 0 ? path : path.slice(0, at);
      const element = css ? root.querySelector(css) : root;
      if (!element) return null;
      return (at < 0 ? element.textContent : element.getAttribute(path.slice(at + 1)))?.trim() ?? null;
    };
    const all = (root, texts) => Object.fromEntries(Object.entries(texts).map(([name, path]) => [name, one(root, path)]));
    const found = {lost: [], texts: {}, lists: {}};
    for (const {page, landmarks, texts, lists} of sheets) {
      if (page !== "frame" && page !== document.body?.dataset.page) continue;
      found.lost.push(...landmarks.filter((css) => !document.querySelector(css)));
      Object.assign(found.texts, all(document, texts));
      for (const [name, [css, cells]] of Object.entries(lists))
        found.lists[name] = [...document.querySelectorAll(css)].map((row) => all(row, cells));
    }
    return found;
  },

  press(css) {
    const element = document.querySelector(css);
    if (!element?.getClientRects().length || element.disabled) return false;
    element.click();
    return true;
  },

  rows(count) {
    const rows = () => [...document.querySelectorAll("fieldset.owner")];
    while (rows().length < count) {
      const before = rows().length;
      document.getElementById("add-owner").click();
      if (rows().length !== before + 1) return [];
    }
    while (rows().length > count) {
      const last = rows().at(-1);
      last.querySelector(".remove-owner").click();
      if (last.isConnected) return [];
    }
    return rows().map((row) => row.dataset.row);
  },

  fill(fields) {
    const problems = [];
    const fire = (element, ...names) => names.forEach((name) => element.dispatchEvent(new Event(name, {bubbles: true})));
    const pick = (element, value) => {
      element.click();
      const year = document.getElementById("calendar-year"), month = document.getElementById("calendar-month");
      const [y, m] = value.split("-");
      year.value = y;
      fire(year, "input", "change");
      month.value = String(Number(m));
      fire(month, "input", "change");
      document.querySelector(`#calendar button.day[data-date="${value}"]`)?.click();
    };
    for (const [id, kind, value] of fields) {
      const element = document.getElementById(id);
      if (!element || !element.getClientRects().length) {
        problems.push(`${id} is not there`);
        continue;
      }
      if (kind === "tick") {
        if (element.checked !== value) element.click();
        if (element.checked !== value) problems.push(`${id} cannot be chosen`);
        continue;
      }
      if (kind === "day") {
        if (element.value !== value) pick(element, value);
      } else {
        element.focus();
        element.value = value;
        fire(element, "input", "change");
      }
      if (element.value !== value) problems.push(`${id} does not take its value`);
    }
    document.activeElement?.blur();
    scrollTo(0, 0);
    return problems;
  },
})

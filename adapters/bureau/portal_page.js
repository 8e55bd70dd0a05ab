// Run inside the bureau's pages: reads a sheet in one go, fills a form in one go, by the events that a person's input fires.
({
  read(sheets) {
    const one = (root, path) => {
      const at = path.indexOf("@");
      const css = at < 0 ? path : path.slice(0, at);
      const element = css ? root.querySelector(css) : root;
      if (!element) return null;
      const said = at < 0 ? element.textContent : element.getAttribute(path.slice(at + 1));
      return said?.replace(/^[ \t\r\n\f]+|[ \t\r\n\f]+$/g, "") ?? null; // others may be letters: see seen_in
    };
    const all = (root, texts) => Object.fromEntries(Object.entries(texts).map(([name, path]) => [name, one(root, path)]));
    const found = {lost: [], doubled: [], texts: {}, lists: {}};
    const twice = (root, texts, before) => {
      for (const [name, path] of Object.entries(texts)) {
        const css = path.split("@")[0];
        if (css && root.querySelectorAll(css).length > 1) found.doubled.push(before + name);
      }
    };
    for (const {page, landmarks, texts, lists} of sheets) {
      if (page !== "frame" && page !== document.body?.dataset.page) continue;
      found.lost.push(...landmarks.filter((css) => !document.querySelector(css)));
      Object.assign(found.texts, all(document, texts));
      twice(document, texts, "");
      for (const [name, [css, cells]] of Object.entries(lists)) {
        const rows = [...document.querySelectorAll(css)];
        found.lists[name] = rows.map((row) => all(row, cells));
        rows.forEach((row) => twice(row, cells, `${name}.`));
      }
    }
    return found;
  },

  // Says why not, by a word that not_pressed in site_words.py reads and its parts, or nothing. Where words are named,
  // the button must read so, and its form must lead back to its own page.
  press([css, words]) {
    const [element, ...more] = document.querySelectorAll(css);
    if (!element?.getClientRects().length || element.disabled) return ["unclickable", {}];
    if (words) {
      const reads = element.textContent.trim();
      if (reads !== words) return ["reads", {reads, words}];
      if (more.length) return ["doubled", {n: more.length + 1}];
      const to = element.form && `${element.formMethod || element.form.method} ${new URL(element.getAttribute("formaction") ?? element.form.getAttribute("action") ?? "", document.baseURI).pathname}`;
      const due = `post ${location.pathname}`;
      if (to && to !== due) return ["leads", {to, due}];
    }
    element.click();
    return null;
  },

  // Everything that stands on the page, in its order, as [kind, id, words]; see adapters/contract.py.
  parts(button) {
    const found = [];
    const add = (kind, element, words) => found.push([kind, element?.id ?? "", words]);
    const visible = (element) => element.checkVisibility({checkOpacity: true, checkVisibilityCSS: true});
    const kind = (name, element) => (visible(element) ? name : `hidden ${name}`);
    const address = (text) => { try { return new URL(text, document.baseURI).href; } catch { return text; } };
    const said = (element, names) => names.filter((name) => element.hasAttribute(name))
      .map((name) => ` [${name}${element.getAttribute(name) ? `=${element.getAttribute(name)}` : ""}]`).join("");
    const value = (element) => element.type === "file" ? [...element.files].map((file) => `${file.name} ${file.size}`).join(", ")
      : element.type === "checkbox" || element.type === "radio" ? `${element.value} ${element.checked ? "ticked" : "not ticked"}`
      : element.value;
    const takes = ["form", "required", "disabled", "readonly", "multiple", "pattern", "minlength", "maxlength", "accept", "placeholder"];
    const presses = ["name", "value", "form", "formaction", "formmethod", "formenctype", "formtarget", "disabled"];
    const itself = (element) => {
      const tag = element.localName;
      for (const {name, value} of element.attributes) if (name.startsWith("on")) add("handler", element, `${name}=${value}`);
      for (const where of ["::before", "::after"]) {
        const painted = getComputedStyle(element, where).content;
        if (!["none", "normal", '""'].includes(painted)) add("painted", element, painted);
      }
      if (tag === "script") return add("script", element, element.getAttribute("src") ?? element.textContent);
      if (["style", "template", "noscript", "br", "hr", "wbr"].includes(tag)) return;
      if (tag === "button") return add(kind("button", element), element, element.textContent
        + (element.type === "submit" ? "" : ` [type=${element.type}]`) + said(element, presses));
      if (tag === "a") return add(kind("link", element), element, `${element.textContent} → ${address(element.getAttribute("href") ?? "")}${said(element, ["target", "download"])}`);
      if (["input", "textarea", "select"].includes(tag))
        return add(element.type === "hidden" ? "field" : kind("field", element), element,
          `${tag === "input" ? element.type : tag} ${element.getAttribute("name") ?? ""}=${value(element)}${said(element, takes)}`);
      if (tag === "form") {
        add("form", element, `${(element.getAttribute("method") ?? "get").toLowerCase()} ${address(element.getAttribute("action") ?? document.URL)}${said(element, ["enctype", "target"])}`);
        inside(element);
        return add("end", null, "form");
      }
      if (["img", "iframe", "frame", "object", "embed", "video", "audio", "canvas", "svg"].includes(tag))
        return add(tag, element, element.getAttribute("alt") ?? element.getAttribute("src") ?? element.textContent);
      if (tag === "dialog") add("dialog", element, element.open ? "open" : "closed");
      if (element.shadowRoot) inside(element.shadowRoot, element);
      inside(element);
    };
    const inside = (node, owner = node) => {
      let text = "";
      const end = () => { if (text.trim()) add(kind("text", owner), owner, text); text = ""; };
      for (const child of node.childNodes) {
        if (child.nodeType === Node.TEXT_NODE) text += child.data;
        else if (child.nodeType === Node.ELEMENT_NODE) { end(); itself(child); }
      }
      end();
    };
    for (const element of document.head.querySelectorAll("base, meta[http-equiv], script"))
      add(element.localName, element, element.getAttribute("href") ?? element.getAttribute("content") ?? element.getAttribute("src") ?? element.textContent);
    add("title", null, document.title);
    itself(document.body);
    const pressed = document.getElementById(button);
    if (pressed) {
      pressed.scrollIntoView({block: "center"});
      const {left, top, width, height} = pressed.getBoundingClientRect();
      const above = document.elementFromPoint(left + width / 2, top + height / 2);
      if (above !== pressed && !pressed.contains(above)) add("cover", above, above?.textContent.trim() || "something without words");
      scrollTo(0, 0);
    }
    return found;
  },

  // Press the button if the page stands as it was judged; else say how it stands. No script of the page runs in between.
  // A listener of the page that then changes what is sent, or where to, keeps it from being sent.
  press_agreed([button, judged]) {
    const now = this.parts(button);
    if (JSON.stringify(now) !== JSON.stringify(judged)) return now;
    const sent = (parts) => JSON.stringify(parts.filter(([kind]) => /form|field|end/.test(kind)));
    addEventListener("submit", (event) => { if (sent(this.parts(button)) !== sent(judged)) event.preventDefault(); });
    document.getElementById(button).click();
    return null;
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

  // Answers what could not be filled in, as [word, {name}] each; the words stand in site_words.py.
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
        problems.push(["gone", {name: id}]);
        continue;
      }
      if (kind === "tick") {
        if (element.checked !== value) element.click();
        if (element.checked !== value) problems.push(["unchosen", {name: id}]);
        continue;
      }
      if (kind === "day") {
        if (element.value !== value) pick(element, value);
      } else {
        element.focus();
        element.value = value;
        fire(element, "input", "change");
      }
      if (element.value !== value) problems.push(["untaken", {name: id}]);
    }
    document.activeElement?.blur();
    scrollTo(0, 0);
    return problems;
  },
})

(() => {
  const byId = (id) => document.getElementById(id);
  const calendar = byId("calendar"), year = byId("calendar-year"), month = byId("calendar-month");
  const days = calendar.querySelector(".days");
  let input = null;
  const draw = () => {
    days.replaceChildren();
    const last = new Date(+year.value, +month.value, 0).getDate();
    for (let n = 1; n <= last; n++) {
      const day = document.createElement("button");
      day.type = "button"; day.className = "day"; day.textContent = n;
      day.dataset.date = `${year.value}-${month.value.padStart(2, "0")}-${String(n).padStart(2, "0")}`;
      days.append(day);
    }
  };
  for (const field of document.querySelectorAll("input.date")) field.addEventListener("click", () => {
    input = field;
    const [y, m] = (field.value || "{{ now.strftime('%Y-%m') }}").split("-");
    year.value = y; month.value = String(+m); draw();
    const box = field.getBoundingClientRect();
    calendar.style.left = `${box.left + scrollX}px`; calendar.style.top = `${box.bottom + scrollY}px`;
    calendar.hidden = false;
  });
  year.addEventListener("change", draw); month.addEventListener("change", draw);
  days.addEventListener("click", (event) => {
    const date = event.target.dataset.date;
    if (!date) return;
    input.value = date; calendar.hidden = true;
  });
  const shownWith = {modification_note: ["work_kind-修改", "work_kind-翻译", "work_kind-合成"],
    publication_date: ["publication-已发表"], succession: ["acquisition-继受取得"], rights: ["scope-部分权利"]};
  shownWith.permission = shownWith.former_number = shownWith.modification_note;
  shownWith.publication_country = shownWith.publication_place = shownWith.publication_date;
  const refresh = () => { for (const [field, boxes] of Object.entries(shownWith))
    document.querySelector(`[data-for="${field}"]`).hidden = !boxes.some((box) => byId(box).checked); };
  document.addEventListener("change", refresh); refresh();
})();

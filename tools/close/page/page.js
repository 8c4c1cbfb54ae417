"use strict";
(() => {
const form = document.forms[0], table = document.querySelector("table");
const status = form.querySelector("[role=status]");
const words = new Intl.Collator(undefined, { numeric: true });
const FEW = 20;

const rows = Array.from(table.tBodies, body => ({
	body,
	more: body.rows[1].cells[0],
	link: body.rows[0].cells[0].firstChild,
	verdict: body.rows[0].cells[1].dataset.v,
}));
const of = new Map(rows.map(row => [row.more, row]));

/* What rows are filtered and sorted by, once that is asked for. */
const read = () => {
	if (rows[0]?.keys)
		return;
	for (const row of rows) {
		const cells = row.body.rows[0].cells;
		row.keys = Array.from(cells, c => c.dataset.v ? +c.dataset.v : c.textContent);
		row.text = row.body.rows[0].textContent.toLowerCase();
		row.ends = Array.from(cells[3].children, p => ({
			flow: p.dataset.flow,
			name: p.textContent.slice(2),
			port: p.textContent.replace(/.*:/, ""),
		}));
		row.faults = Array.from(cells[7].children, p => p.dataset.fault);
	}
};

/* Drawings: those in view, and near it. */
const draw = row => {
	if (row.drawing)
		return;
	const source = row.more.firstElementChild;
	row.drawing = document.createElement("div");
	row.drawing.innerHTML = source.textContent;
	row.more.append(row.drawing);
};
const erase = row => {
	if (!row.drawing || row.drawing.contains(document.activeElement))
		return;
	row.more.style.minHeight = row.more.offsetHeight + "px";
	row.drawing.remove();
	row.drawing = null;
};
const near = new IntersectionObserver(seen => {
	for (const entry of seen)
		(entry.isIntersecting ? draw : erase)(of.get(entry.target));
}, { rootMargin: "600px" });
/* Of a drawing that is not there yet, with the rules above it. Scrolling past
 * many that grow when they are drawn ends too early. */
const height = source =>
	+source.dataset.height + 20 + 21 * (source.textContent.split("\x3cp>").length - 1);
const open = (row, on) => {
	row.link.setAttribute("aria-expanded", on);
	if (!!row.open === on)
		return;
	row.open = on;
	row.body.classList.toggle("open", on);
	if (on) {
		near.observe(row.more);
	} else {
		near.unobserve(row.more);
		erase(row);
		row.more.style.minHeight = "";
	}
	if (on && !row.drawing)
		row.more.style.minHeight = height(row.more.firstElementChild) + "px";
};

/* Filters: all that are set must fit. */
const fits_end = (row, want) => row.ends.some(end =>
	want.startsWith("flow=") ? end.flow === want.slice(5) :
	/^\d+$/.test(want) ? end.port === want :
	end.name.startsWith(want) || end.name.startsWith("[" + want));
const fits_fault = (row, want) =>
	want === "any" ? row.faults.length > 0 :
	want === "none" ? row.faults.length === 0 :
	row.faults.includes(want);
const count = shown => {
	status.textContent = shown === rows.length ? `All ${shown} are shown.` :
		`${shown} of ${rows.length} are shown.`;
};
const filter = () => {
	const verdicts = Array.from(form.verdict).filter(v => v.checked).map(v => v.value);
	const end = form.end.value.trim().toLowerCase(), fault = form.fault.value;
	const search = form.words.value.toLowerCase().split(/\s+/).filter(w => w);
	let shown = 0;
	read();
	for (const row of rows) {
		const fits = verdicts.includes(row.verdict) &&
			(!end || fits_end(row, end)) &&
			(!fault || fits_fault(row, fault)) &&
			search.every(w => row.text.includes(w));
		row.body.hidden = !fits;
		shown += fits;
	}
	document.getElementById("none").hidden = shown > 0;
	count(shown);
};

const sort = column => {
	const heads = table.tHead.rows[0].cells, head = heads[column];
	const down = head.ariaSort === "ascending" || (column === 1 && head.ariaSort !== "descending");
	for (const other of heads)
		other.removeAttribute("aria-sort");
	head.setAttribute("aria-sort", down ? "descending" : "ascending");
	read();
	const compare = (a, b) => typeof a === "number" ? a - b : words.compare(a, b);
	rows.sort((a, b) => (down ? -1 : 1) * compare(a.keys[column], b.keys[column]) ||
		words.compare(a.keys[0], b.keys[0]));
	table.append(...rows.map(row => row.body));
};

const go = () => {
	const row = rows.find(r => "#" + r.body.id === location.hash);
	if (!row)
		return;
	row.body.hidden = false;
	if (!row.open)
		open(row, true);
};

Array.from(table.tHead.rows[0].cells, (cell, i) => {
	const button = document.createElement("button");
	button.type = "button";
	button.textContent = cell.textContent;
	button.onclick = () => sort(i);
	cell.replaceChildren(button);
});
for (const row of rows)
	open(row, row.verdict === "2" || FEW >= rows.length);
table.onclick = event => {
	const row = of.get(event.target.closest("tbody th a")?.closest("tbody").rows[1].cells[0]);
	if (!row)
		return;
	if (row.open)
		event.preventDefault();
	open(row, !row.open);
};
table.tHead.rows[0].cells[1].setAttribute("aria-sort", "descending");
form.oninput = filter;
form.onreset = () => setTimeout(filter);
form.onsubmit = event => event.preventDefault();
form.elements.open.onclick = () => rows.forEach(row => row.body.hidden || open(row, true));
form.elements.close.onclick = () => rows.forEach(row => open(row, false));
addEventListener("hashchange", go);
addEventListener("beforeprint", () => rows.forEach(row => row.open && draw(row)));
form.hidden = false;
document.documentElement.classList.add("js");
if (Array.from(form.elements).some(e => e.value && e.type === "search"))
	filter();
else
	count(rows.length);
go();
})();

const symbols = { found: "\u2717", unsure: "?", slower: "~", survived: "\u2713", unreached: "\u2013" };
const element = (tag, text, name) => {
	const made = document.createElement(tag);
	if (text !== undefined)
		made.textContent = text;
	if (name)
		made.className = name;
	return made;
};
const seconds = (ns) => (ns / 1e9).toFixed(3) + " s";
const title = (record) => record.points.map((point, i) => point + ", " + record.faults[i]).join(" + ");
const button = (text, name, tip, show) => {
	const made = element("button", text, name);
	made.title = tip;
	made.addEventListener("click", show);
	return made;
};
// All that is known of a run, in an element.
const describe = (record, place, base) => {
	place.append(element("p", record.outcome + (record.sentence ? ": " + record.sentence : ""), record.outcome),
		element("p", seconds(record.took) + (base ? ", without a fault " + seconds(base) : "") +
			"; exit status " + record.exit + "; runs: " + record.tries),
		element("pre", record.repeat));
	if (record.left.length)
		place.append(element("p", "Sockets left:"), element("pre", record.left.join("\n")));
	if (record.why)
		place.append(element("p", "The judge:"), element("pre", record.why));
	if (record.kernel)
		place.append(element("p", "The kernel:"), element("pre", record.kernel));
	place.append(element("p", "The closes:"), element("pre", record.ladder),
		element("p", "What it printed:"), element("pre", record.output));
};
// entries: [record, entry] of each; draw(entry) makes what is in its cell.
const matrix = (entries, draw) => {
	const single = entries.filter(([record]) => record.points.length === 1);
	const points = [...new Set(single.map(([record]) => record.points[0]))];
	const faults = [...new Set(single.map(([record]) => record.faults[0]))];
	const cells = new Map(single.map(([record, entry]) => [record.points[0] + "\n" + record.faults[0], entry]));
	const head = element("tr");
	head.append(element("th", "segment"), ...faults.map((fault) => element("th", fault)));
	const rows = points.map((point) => {
		const row = element("tr");
		row.append(element("th", point));
		for (const fault of faults) {
			const cell = element("td"), entry = cells.get(point + "\n" + fault);
			if (entry)
				cell.append(draw(entry));
			row.append(cell);
		}
		return row;
	});
	document.getElementById("matrix").append(head, ...rows);
};
const list = (entries, draw) => {
	const made = element("ul");
	for (const entry of entries) {
		const item = element("li");
		item.append(draw(entry));
		made.append(item);
	}
	document.getElementById("more").append(made);
};

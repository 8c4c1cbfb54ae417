const show = (record) => {
	const detail = document.getElementById("detail");
	detail.replaceChildren(element("h2", title(record)));
	describe(record, detail, data.head.base);
	detail.scrollIntoView();
};
const draw = (record, text) => button(symbols[record.outcome] + " " + text, record.outcome,
	title(record) + ": " + record.outcome, () => show(record));
matrix(data.records.map((record) => [record, record]),
	(record) => draw(record, (record.took / Math.max(data.head.base, 1)).toFixed(1) + "\u00d7"));
list(data.records.filter((record) => record.points.length > 1),
	(record) => draw(record, title(record)));
document.getElementById("what").textContent = data.head.command + " \u2014 Linux " + data.head.kernel;
document.getElementById("counts").textContent = Object.keys(symbols).map((outcome) =>
	symbols[outcome] + " " + data.records.filter((record) => record.outcome === outcome).length +
	" " + outcome).join(", ") + "; \u00d7 is the time against that without a fault";

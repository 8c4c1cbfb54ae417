const changes = { new: "new", gone: "gone", outcome: "other outcome",
	time: "other time", missing: "tried in one alone", same: "the same" };
const symbol = (record) => record ? symbols[record.outcome] : "\u00b7";
const time = (record) => record ? (record.took / 1e9).toFixed(1) : "\u00b7";
const show = (pair) => {
	const detail = document.getElementById("detail"), both = element("div", undefined, "both");
	for (const side of ["a", "b"]) {
		const place = element("div");
		place.append(element("h3", side.toUpperCase()));
		if (pair[side])
			describe(pair[side], place);
		else
			place.append(element("p", "not tried"));
		both.append(place);
	}
	detail.replaceChildren(element("h2", pair.name), element("p", changes[pair.change], pair.change), both);
	detail.scrollIntoView();
};
const draw = (pair, text) => button((symbol(pair.a) === symbol(pair.b) && pair.change === "same" ?
	symbol(pair.a) : symbol(pair.a) + "\u2192" + symbol(pair.b)) + " " + text, pair.change,
	pair.name + ": " + changes[pair.change], () => show(pair));
const times = (pair) => pair.change === "same" ? time(pair.b) + " s" : time(pair.a) + "\u2192" + time(pair.b) + " s";
const all = () => {
	const only = document.getElementById("only").checked;
	const pairs = data.pairs.filter((pair) => !only || pair.change !== "same");
	for (const place of ["matrix", "more", "detail"])
		document.getElementById(place).replaceChildren();
	matrix(pairs.map((pair) => [pair.a || pair.b, pair]), (pair) => draw(pair, times(pair)));
	list(pairs.filter((pair) => (pair.a || pair.b).points.length > 1), (pair) => draw(pair, pair.name));
};
data.files.forEach((file, i) => {
	document.getElementById("ab"[i]).textContent = file.name + ": " + file.head.command +
		" \u2014 Linux " + file.head.kernel;
});
document.getElementById("counts").textContent = Object.keys(changes).map((change) =>
	changes[change] + ": " + data.pairs.filter((pair) => pair.change === change).length).join(", ") +
	"; " + Object.keys(symbols).map((outcome) => symbols[outcome] + " " + outcome).join(", ") +
	", \u00b7 not tried";
document.getElementById("only").addEventListener("change", all);
all();

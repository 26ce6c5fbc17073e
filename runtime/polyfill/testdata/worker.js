// Run by workerd to record what the tests compare with: see testdata/record.sh.
import show from "show";
import cases from "cases";
import dump from "dump";
import regexps from "regexps";
import intl from "intl";

const results = async (list) => {
	const out = [];
	for (const f of list) {
		let r;
		try { r = show(await f()); } catch (e) { r = "throws " + (e && e.name); }
		out.push([f.toString(), r]);
	}
	return out;
};

export default {
	async fetch(request) {
		switch (new URL(request.url).pathname) {
		case "/dump": return new Response(dump());
		case "/cases": return new Response(JSON.stringify(await results(cases()), null, 1) + "\n");
		case "/intl": return new Response(JSON.stringify(await results(intl()), null, 1) + "\n");
		default: return new Response(JSON.stringify(await results(regexps()), null, 1) + "\n");
		}
	},
};

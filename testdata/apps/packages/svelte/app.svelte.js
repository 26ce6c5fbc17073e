// app.svelte, compiled by svelte.
import * as $ from 'svelte/internal/server';
import { setContext } from "svelte";

function row($$renderer, n) {
	$$renderer.push(`<li${$.attr_class($.clsx(["r", { odd: n % 2 }]))}>${$.escape(n)}</li>`);
}

export default function App($$renderer, $$props) {
	$$renderer.component(($$renderer) => {
		const id = $.props_id($$renderer);
		let { name, items, show = false } = $$props;
		let count = 0;
		const double = $.derived(() => items.length * 2);

		setContext("k", 1);

		$.head('n50ubd', $$renderer, ($$renderer) => {
			$$renderer.title(($$renderer) => {
				$$renderer.push(`<title>${$.escape(name)}</title>`);
			});
		});

		$$renderer.push(`<h1${$.attr('id', id)}${$.attr('data-n', count)}${$.attr_style('', { color: 'red' })}>Hello ${$.escape(name)}!</h1> `);

		if (show) {
			$$renderer.push(`<!--[0--><ul>`);

			const each_array = $.ensure_array_like(items);

			if (each_array.length !== 0) {
				$$renderer.push('<!--[-->');

				for (let $$index = 0, $$length = each_array.length; $$index < $$length; $$index++) {
					let item = each_array[$$index];

					row($$renderer, item);
				}
			} else {
				$$renderer.push(`<!--[!--><li>none</li>`);
			}

			$$renderer.push(`<!--]--></ul>`);
		} else {
			$$renderer.push(`<!--[-1--><p>hidden ${$.escape(double())}</p>`);
		}

		$$renderer.push(`<!--]--> <input${$.attr('value', name)}${$.attr('disabled', !show, true)}/> ${$.html("<b>raw</b>")}`);
	});
}

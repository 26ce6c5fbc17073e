// Intl: tables of options and locales, one probe per row.
import { area } from "./probe.js";

const probes = {};
const add = (name, f) => { probes[name] = f; };
const caught = (f) => { try { return f(); } catch (e) { return `${e.name}: ${e.message}`; } };
const numbers = [0, -0, 1, -1, 0.5, 1.5, -2.675, 12, 99.995, 999, 1000, 1234.5, 9999, 12345.678, 999999, 1e6, 1234567.891, -987654321, 1e9, 1.5e12, 1e15, 1e21, 0.00001234, NaN, Infinity, -Infinity, 12345678901234567890n, "1234567890.123456789"];
const locales = ["en", "en-US", "en-GB", "en-IN", "en-CA", "de", "de-AT", "de-CH", "fr", "fr-CA", "fr-CH", "es", "es-MX", "es-419", "it", "pt", "pt-PT", "nl", "sv", "da", "nb", "fi", "pl", "cs", "ru", "uk", "tr", "el", "he", "ar", "ar-EG", "fa", "hi", "bn", "mr", "ta", "th", "vi", "id", "ja", "ko", "zh", "zh-TW", "hu", "ro", "bg", "hr", "sr", "sl", "lt", "lv", "et", "ca"];
const some = ["en", "de", "fr", "es", "pl", "ar", "ja", "hi", "pt-BR", "ru"];

const styles = [
  {}, { style: "percent" }, { style: "percent", maximumFractionDigits: 2 }, { style: "currency", currency: "USD" }, { style: "currency", currency: "EUR", currencyDisplay: "code" }, { style: "currency", currency: "JPY", currencyDisplay: "name" },
  { style: "currency", currency: "USD", currencyDisplay: "name" }, { style: "currency", currency: "GBP", currencyDisplay: "narrowSymbol" }, { style: "currency", currency: "CAD", currencyDisplay: "narrowSymbol" }, { style: "currency", currency: "USD", currencySign: "accounting" },
  { style: "currency", currency: "USD", currencySign: "accounting", signDisplay: "always" }, { style: "currency", currency: "CHF", signDisplay: "exceptZero" }, { style: "currency", currency: "KWD" }, { style: "currency", currency: "USD", notation: "compact" }, { style: "currency", currency: "EUR", trailingZeroDisplay: "stripIfInteger" },
  { notation: "compact" }, { notation: "compact", compactDisplay: "long" }, { notation: "compact", maximumFractionDigits: 2 }, { notation: "compact", signDisplay: "always" }, { notation: "scientific" }, { notation: "engineering" }, { notation: "scientific", maximumFractionDigits: 1 }, { notation: "engineering", minimumFractionDigits: 2 },
  { useGrouping: false }, { useGrouping: "always" }, { useGrouping: "min2" }, { useGrouping: true }, { minimumIntegerDigits: 4 }, { minimumFractionDigits: 2 }, { maximumFractionDigits: 0 }, { maximumSignificantDigits: 3 }, { minimumSignificantDigits: 4 }, { minimumSignificantDigits: 2, maximumSignificantDigits: 5 },
  ...["ceil", "floor", "expand", "trunc", "halfCeil", "halfFloor", "halfExpand", "halfTrunc", "halfEven"].map((roundingMode) => ({ roundingMode, maximumFractionDigits: 0 })),
  { roundingIncrement: 5, minimumFractionDigits: 2, maximumFractionDigits: 2 }, { roundingIncrement: 25, minimumFractionDigits: 2, maximumFractionDigits: 2 }, { roundingPriority: "morePrecision", maximumSignificantDigits: 2, maximumFractionDigits: 2 }, { roundingPriority: "lessPrecision", maximumSignificantDigits: 2, maximumFractionDigits: 2 },
  ...["never", "always", "exceptZero", "negative"].map((signDisplay) => ({ signDisplay })), { style: "unit", unit: "kilometer-per-hour" }, { style: "unit", unit: "liter", unitDisplay: "long" }, { style: "unit", unit: "celsius" }, { style: "unit", unit: "megabyte-per-second", unitDisplay: "long" }, { style: "unit", unit: "percent" }, { style: "unit", unit: "mile-per-gallon", unitDisplay: "narrow" }, { numberingSystem: "arab" }, { numberingSystem: "deva", style: "percent" },
];
for (const o of styles) {
  add(`en ${JSON.stringify(o)}`, () => numbers.map((n) => new Intl.NumberFormat("en-US", o).format(n)));
  add(`parts ${JSON.stringify(o)}`, () => [new Intl.NumberFormat("en", o).formatToParts(-1234567.891), new Intl.NumberFormat("en", o).formatToParts(1)].map((parts) => parts.map((p) => `${p.type}:${p.value}`).join("|")));
  add(`options ${JSON.stringify(o)}`, () => JSON.stringify(new Intl.NumberFormat("en", o).resolvedOptions()));
}
for (const l of locales) {
  const each = (o) => [0, 1, 2, 5, -1234.5, 12345.678, 1234567.891, 1e9].map((n) => new Intl.NumberFormat(l, o).format(n));
  add(`${l} decimal`, () => [each({}), each({ style: "percent" }), new Intl.NumberFormat(l).resolvedOptions().numberingSystem]);
  add(`${l} currency`, () => [each({ style: "currency", currency: "EUR" }), each({ style: "currency", currency: "USD" }), each({ style: "currency", currency: "USD", currencySign: "accounting" })]);
  add(`${l} currency name`, () => each({ style: "currency", currency: "EUR", currencyDisplay: "name" }));
  add(`${l} compact`, () => [each({ notation: "compact" }), each({ notation: "compact", compactDisplay: "long" })]);
  add(`${l} compact currency`, () => each({ notation: "compact", style: "currency", currency: "EUR" }));
  add(`${l} units`, () => ["kilometer", "hour", "byte", "celsius", "liter-per-kilometer"].map((unit) => ["long", "short", "narrow"].map((unitDisplay) => [1, 2, 5].map((n) => new Intl.NumberFormat(l, { style: "unit", unit, unitDisplay }).format(n)).join())));
  add(`${l} plural`, () => ["cardinal", "ordinal"].map((type) => { const p = new Intl.PluralRules(l, { type }); return [[0, 1, 2, 3, 4, 5, 6, 10, 11, 12, 21, 22, 100, 101, 1.5, 0.1, 1e6].map((n) => p.select(n)).join(), p.resolvedOptions().pluralCategories.join(), p.selectRange(1, 2), p.selectRange(0, 1)]; }));
  add(`${l} list`, () => ["conjunction", "disjunction", "unit"].map((type) => ["long", "short", "narrow"].map((style) => [["a"], ["a", "b"], ["a", "b", "c"], ["a", "b", "c", "d"]].map((x) => new Intl.ListFormat(l, { type, style }).format(x)).join(" / "))));
  add(`${l} relative`, () => ["always", "auto"].map((numeric) => ["long", "short", "narrow"].map((style) => ["second", "day", "month", "year"].map((u) => [-2, -1, 0, 1, 2, 5, 1.5].map((n) => new Intl.RelativeTimeFormat(l, { numeric, style }).format(n, u)).join(" / ")))));
  add(`${l} names`, () => [["DE", "US", "JP", "419"].map((c) => new Intl.DisplayNames(l, { type: "region" }).of(c)), ["en", "en-GB", "zh-Hant", "fr-CA", "pt-BR", "de-AT", "sr-Latn-RS"].map((c) => new Intl.DisplayNames(l, { type: "language" }).of(c)), ["USD", "EUR"].map((c) => new Intl.DisplayNames(l, { type: "currency" }).of(c)), new Intl.DisplayNames(l, { type: "script" }).of("Cyrl"), new Intl.DisplayNames(l, { type: "calendar" }).of("gregory"), new Intl.DisplayNames(l, { type: "dateTimeField" }).of("month")]);
  add(`${l} range`, () => [[3, 5], [1, 1], [1000, 2000000], [-1, 2]].map(([a, b]) => [{}, { style: "currency", currency: "EUR" }, { style: "percent" }, { style: "unit", unit: "meter" }].map((o) => new Intl.NumberFormat(l, o).formatRange(a, b)).join(" / ")));
}
for (const l of some) {
  add(`${l} all units`, () => "acre bit byte celsius centimeter day degree fahrenheit fluid-ounce foot gallon gigabit gigabyte gram hectare hour inch kilobit kilobyte kilogram kilometer liter megabit megabyte meter microsecond mile mile-scandinavian milliliter millimeter millisecond minute month nanosecond ounce percent petabyte pound second stone terabit terabyte week yard year".split(" ").map((unit) => ["long", "short", "narrow"].map((unitDisplay) => new Intl.NumberFormat(l, { style: "unit", unit, unitDisplay }).format(3)).join()));
  add(`${l} range parts`, () => new Intl.NumberFormat(l, { style: "currency", currency: "EUR" }).formatRangeToParts(3, 5).map((p) => `${p.type}:${p.value}:${p.source}`));
  add(`${l} relative parts`, () => new Intl.RelativeTimeFormat(l).formatToParts(-1234, "day").map((p) => `${p.type}:${p.value}:${p.unit}`));
}
add("number errors", () => [{ style: "currency" }, { style: "unit" }, { style: "x" }, { unit: "parsec" }, { currency: "euro" }, { minimumFractionDigits: 101 }, { minimumFractionDigits: 5, maximumFractionDigits: 2 }, { roundingIncrement: 3 }, { roundingIncrement: 5, maximumSignificantDigits: 2 }, { useGrouping: "x" }, { notation: "x" }].map((o) => caught(() => JSON.stringify(new Intl.NumberFormat("en", o).resolvedOptions()))));
add("number inputs", () => [undefined, null, true, "", "abc", "0x1f", " 12 ", "1e3", [], [5], {}, new Date(5)].map((v) => new Intl.NumberFormat("en").format(v)));
add("supported", () => ["NumberFormat", "PluralRules", "ListFormat", "RelativeTimeFormat", "DisplayNames"].map((c) => Intl[c].supportedLocalesOf(["de-DE", "xx", "zh-TW", "en-US"])));
add("resolved", () => ["de-DE", "zh-TW", "xx", ["xx", "fr-XX"], "pt-br", "en-Latn-US", "sr-RS"].map((l) => new Intl.NumberFormat(l).resolvedOptions().locale));
add("toLocaleString", () => [(1234.5).toLocaleString("de-DE"), (10n ** 20n).toLocaleString("fr"), (0.5).toLocaleString("en", { style: "percent" })]);

export default area(probes);

// Intl.DateTimeFormat and Intl.DurationFormat: tables of options and locales,
// one probe per row.
import { area } from "./probe.js";

const probes = {};
const add = (name, f) => { probes[name] = f; };
const caught = (f) => { try { return f(); } catch (e) { return `${e.name}: ${e.message}`; } };
const D = (l, o) => new Intl.DateTimeFormat(l, o);
const list = (parts) => parts.map((p) => `${p.type}:${p.value}${p.source ? ":" + p.source : ""}`).join("|");
const locales = ["en", "en-US", "en-GB", "en-IN", "en-CA", "en-AU", "de", "de-AT", "de-CH", "fr", "fr-CA", "fr-CH", "es", "es-MX", "es-419", "it", "pt", "pt-PT", "nl", "sv", "da", "nb", "fi", "pl", "cs", "sk", "ru", "uk", "tr", "el", "he", "ar", "ar-EG", "ar-AE", "hi", "bn", "mr", "ta", "te", "vi", "id", "ms", "ja", "ko", "zh", "zh-TW", "zh-HK", "hu", "ro", "bg", "hr", "sr", "sl", "lt", "lv", "et", "ca", "is", "sw", "af", "am", "my", "ur", "ka", "hy", "mn", "ne", "km", "eu", "gl", "ga", "cy"];
const some = ["en", "en-GB", "de", "fr", "es", "pl", "ar-EG", "ja", "hi", "pt-BR", "ru", "ko", "zh-CN", "fi"];
const dates = [Date.UTC(2024, 0, 5, 13, 7, 9, 123), Date.UTC(2023, 11, 31, 0, 0, 0), Date.UTC(1999, 6, 15, 9, 30, 59, 999)];
const edges = [0, -1, Date.UTC(0, 0, 1) - 1900 * 31556952e3, -62167219200000, -62135596800000, -62167219200001, 8.64e15, -8.64e15, Date.UTC(2024, 1, 29), 253402300799999, -1e14];
const styles = ["full", "long", "medium", "short"];

const options = [
  {}, { year: "numeric" }, { year: "2-digit" }, { month: "numeric" }, { month: "2-digit" }, { month: "short" }, { month: "long" }, { month: "narrow" }, { day: "numeric" }, { day: "2-digit" }, { weekday: "short" }, { weekday: "long" }, { weekday: "narrow" },
  { year: "numeric", month: "long" }, { year: "numeric", month: "short" }, { year: "numeric", month: "2-digit" }, { year: "2-digit", month: "numeric" }, { month: "long", day: "numeric" }, { month: "short", day: "2-digit" }, { month: "2-digit", day: "2-digit" }, { month: "numeric", day: "numeric" },
  { year: "numeric", month: "2-digit", day: "2-digit" }, { year: "numeric", month: "long", day: "numeric" }, { year: "numeric", month: "short", day: "numeric" }, { year: "2-digit", month: "2-digit", day: "2-digit" }, { weekday: "long", year: "numeric", month: "long", day: "numeric" }, { weekday: "short", month: "short", day: "numeric" }, { weekday: "short", year: "numeric", month: "numeric", day: "numeric" },
  { weekday: "long", day: "numeric" }, { weekday: "long", hour: "numeric" }, { year: "numeric", day: "numeric" }, { weekday: "long", year: "numeric" }, { weekday: "narrow", month: "narrow", day: "numeric" },
  { era: "short" }, { era: "long", year: "numeric" }, { era: "narrow", year: "numeric", month: "short", day: "numeric" }, { era: "short", year: "numeric", month: "numeric", day: "numeric", weekday: "short" }, { era: "short", hour: "numeric" },
  { hour: "numeric" }, { hour: "2-digit" }, { minute: "numeric" }, { minute: "2-digit" }, { second: "numeric" }, { second: "2-digit" }, { hour: "numeric", minute: "2-digit" }, { hour: "2-digit", minute: "2-digit", second: "2-digit" }, { hour: "numeric", hour12: true }, { hour: "numeric", hour12: false }, { hour: "2-digit", minute: "2-digit", hour12: false }, { hour: "numeric", minute: "numeric", hour12: true },
  ...["h11", "h12", "h23", "h24"].map((hourCycle) => ({ hour: "numeric", minute: "2-digit", hourCycle })), { minute: "2-digit", second: "2-digit" }, { hour: "numeric", second: "numeric" }, { fractionalSecondDigits: 1 }, { fractionalSecondDigits: 3 }, { second: "numeric", fractionalSecondDigits: 2 }, { minute: "numeric", second: "numeric", fractionalSecondDigits: 3 }, { hour: "numeric", minute: "numeric", second: "numeric", fractionalSecondDigits: 3 }, { minute: "numeric", fractionalSecondDigits: 2 },
  { dayPeriod: "long" }, { dayPeriod: "short", hour: "numeric", hour12: true }, { dayPeriod: "narrow", hour: "numeric", minute: "2-digit" }, { dayPeriod: "long", hour: "numeric", hourCycle: "h12", weekday: "short" },
  { timeZoneName: "short" }, { hour: "numeric", timeZoneName: "long" }, { hour: "numeric", minute: "2-digit", timeZoneName: "shortOffset" }, { weekday: "long", timeZoneName: "longGeneric" },
  { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" }, { month: "long", day: "numeric", hour: "numeric", minute: "numeric" }, { month: "short", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" }, { weekday: "long", month: "long", day: "numeric", year: "numeric", hour: "numeric", minute: "numeric", timeZoneName: "short" }, { weekday: "short", hour: "numeric", minute: "numeric" }, { day: "numeric", hour: "numeric" }, { month: "numeric", hour: "numeric", dayPeriod: "short" },
  { numberingSystem: "arab" }, { numberingSystem: "thai", dateStyle: "full" },
];
for (const o of options) {
  const name = JSON.stringify(o);
  add(`some ${name}`, () => some.map((l) => D(l, o).format(dates[0])));
  add(`parts ${name}`, () => ["en", "de", "ja"].map((l) => list(D(l, o).formatToParts(dates[2]))));
  add(`options ${name}`, () => ["en", "de", "ja-JP", "ar-EG"].map((l) => JSON.stringify(D(l, o).resolvedOptions())));
}
for (const l of locales) {
  const each = (o) => dates.map((d) => D(l, o).format(d));
  add(`${l} date styles`, () => styles.map((dateStyle) => each({ dateStyle })));
  add(`${l} time styles`, () => styles.map((timeStyle) => each({ timeStyle })));
  add(`${l} both styles`, () => styles.map((s, i) => each({ dateStyle: s, timeStyle: styles[(i + 1) % 4] })));
  add(`${l} other hours`, () => [true, false].map((hour12) => [D(l, { timeStyle: "short", hour12 }).format(dates[0]), D(l, { dateStyle: "medium", timeStyle: "medium", hour12 }).format(dates[0]), D(l, { hour: "numeric", hour12 }).format(dates[1])]));
  add(`${l} months`, () => ["long", "short", "narrow"].map((month) => Array.from({ length: 12 }, (_, i) => [D(l, { month }).format(Date.UTC(2023, i, 3)), D(l, { month, day: "numeric" }).format(Date.UTC(2023, i, 3))].join("/")).join()));
  add(`${l} days`, () => ["long", "short", "narrow"].map((weekday) => Array.from({ length: 7 }, (_, i) => D(l, { weekday }).format(Date.UTC(2023, 0, i + 1))).join()));
  add(`${l} periods`, () => ["long", "short", "narrow"].map((dayPeriod) => Array.from({ length: 24 }, (_, i) => D(l, { dayPeriod, hour: "numeric", hour12: true }).format(Date.UTC(2023, 0, 1, i))).join()));
  add(`${l} fields`, () => options.slice(0, 38).map((o) => D(l, o).format(dates[0])));
  add(`${l} clocks`, () => options.slice(38).map((o) => D(l, o).format(dates[0])));
  add(`${l} eras`, () => ["long", "short", "narrow"].map((era) => [D(l, { era }).format(-1e14), D(l, { era, year: "numeric", month: "long", day: "numeric" }).format(0)]));
  add(`${l} zones`, () => ["short", "long", "shortOffset", "longOffset", "shortGeneric", "longGeneric"].map((timeZoneName) => ["America/New_York", "Europe/Berlin", "Asia/Kolkata", "UTC", "Asia/Tokyo", "Europe/London", "America/Sao_Paulo"].map((timeZone) => D(l, { timeZoneName, timeZone, hour: "numeric" }).format(dates[0])).join(" / ")));
  add(`${l} ranges`, () => [{}, { dateStyle: "long" }, { dateStyle: "medium", timeStyle: "short" }, { year: "numeric", month: "short", day: "numeric" }, { month: "long" }, { hour: "numeric", minute: "2-digit" }, { weekday: "short", month: "short", day: "numeric" }].map((o) => [1, 864e5, 40 * 864e5, 400 * 864e5, 36e5, 12 * 36e5, 6e4].map((n) => D(l, o).formatRange(dates[0], dates[0] + n)).join(" / ")));
  add(`${l} durations`, () => ["long", "short", "narrow", "digital"].map((style) => new Intl.DurationFormat(l, { style }).format({ years: 1, months: 2, weeks: 3, days: 4, hours: 5, minutes: 6, seconds: 7, milliseconds: 8, microseconds: 9, nanoseconds: 10 })));
  add(`${l} toLocale`, () => [new Date(dates[0]).toLocaleString(l), new Date(dates[0]).toLocaleDateString(l), new Date(dates[0]).toLocaleTimeString(l)]);
}
for (const l of some) {
  add(`${l} edges`, () => edges.map((d) => [D(l).format(d), D(l, { dateStyle: "full", timeStyle: "long", timeZone: "America/New_York" }).format(d), D(l, { era: "short", year: "numeric", month: "short", day: "numeric" }).format(d)]));
  add(`${l} range parts`, () => [{}, { dateStyle: "long" }, { dateStyle: "medium", timeStyle: "short" }, { hour: "numeric", minute: "2-digit" }].map((o) => [1, 864e5, 36e5].map((n) => list(D(l, o).formatRangeToParts(dates[0], dates[0] + n))).join("\n")));
  for (const o of options) add(`${l} range ${JSON.stringify(o)}`, () => [1, 6e4, 36e5, 12 * 36e5, 864e5, 40 * 864e5, 400 * 864e5].map((n) => D(l, o).formatRange(dates[0], dates[0] + n)));
}
for (const z of ["asia/calcutta", "Asia/Kolkata", "US/Eastern", "EST", "Etc/GMT+5", "Etc/GMT-14", "GMT", "Etc/GMT", "gmt0", "utc", "Etc/UTC", "+05:30", "-0800", "+01", "+25:00", "-00:00", "+1:00", "+05:30:01", "Europe/Kiev", "Europe/Kyiv", "America/Buenos_Aires", "PST8PDT", "Zulu", "Foo/Bar", "", "Factory", "Asia/Katmandu", "CST6CDT", "EST5EDT", "MST", "HST", "Japan", "Europe/Dublin", "Europe/Lisbon", "Africa/Casablanca", "Australia/Lord_Howe", "Pacific/Chatham", "America/St_Johns", "Asia/Chongqing", "Antarctica/Troll", "Pacific/Apia", "America/Phoenix", "America/Indiana/Knox", "Europe/Moscow", "Asia/Singapore", "Africa/Lagos", "Pacific/Kiritimati", "America/Caracas", "Asia/Pyongyang", "Asia/Tehran"]) {
  for (const l of ["en", "en-GB", "de", "ja"]) add(`zone ${z} ${l}`, () => [dates[0], Date.UTC(2024, 6, 1)].map((t) => caught(() => D(l, { timeZone: z }).resolvedOptions().timeZone + " " + ["short", "long", "shortOffset", "longOffset", "shortGeneric", "longGeneric"].map((timeZoneName) => D(l, { timeZone: z, timeZoneName, hour: "numeric" }).format(t)).join(" | "))));
}
for (const [z, t] of [["America/New_York", Date.UTC(2024, 2, 10, 7)], ["America/New_York", Date.UTC(2024, 10, 3, 6)], ["Europe/Berlin", Date.UTC(2024, 2, 31, 1)], ["Australia/Lord_Howe", Date.UTC(2024, 3, 6, 15)], ["America/Sao_Paulo", Date.UTC(2018, 10, 4, 3)], ["Pacific/Apia", Date.UTC(2011, 11, 30, 10)], ["Europe/Dublin", Date.UTC(1971, 9, 31, 2)], ["America/New_York", Date.UTC(1883, 10, 18, 17)], ["Europe/London", Date.UTC(1969, 6, 1)], ["Asia/Kolkata", Date.UTC(1900, 0, 1)]]) {
  add(`edge ${z} ${t}`, () => [-36e5, -1, 0, 1, 36e5].map((n) => D("en", { timeZone: z, dateStyle: "short", timeStyle: "full" }).format(t + n)));
}
for (const l of ["en-u-hc-h24", "ja-u-ca-gregory-nu-thai", "de-u-hc-h12-ca-foo", "th-TH-u-ca-gregory", "ar-u-nu-latn", "en-US-u-hc-h11-nu-arab", "xx", "de-DE-u-co-phonebk", "ja-JP", "en-u-nu-foo", "zh-Hant-u-hc-h23"]) {
  add(`tag ${l}`, () => [{}, { hour: "numeric" }, { hour: "numeric", hourCycle: "h23" }, { hour: "numeric", hour12: true }, { hour: "numeric", hour12: false }, { calendar: "gregory", numberingSystem: "latn" }, { timeStyle: "short" }].map((o) => JSON.stringify(D(l, o).resolvedOptions()) + D(l, o).format(dates[0])));
}
for (const l of ["en", "th", "fa", "ar-SA", "ja", "zh-TW", "de", "fr", "ko", "hi"]) {
  for (const calendar of [undefined, "buddhist", "japanese", "roc", "persian", "islamic-umalqura", "islamic-civil", "islamic-tbla", "foo"]) {
    add(`calendar ${l} ${calendar}`, () => [{ dateStyle: "full" }, { dateStyle: "medium" }, { dateStyle: "short" }, {}, { year: "numeric", month: "long" }, { era: "long", year: "numeric" }].map((o) => caught(() => D(l, { ...o, calendar }).resolvedOptions().calendar + " " + D(l, { ...o, calendar }).format(dates[0]))));
  }
}
add("calendar dates", () => ["buddhist", "japanese", "roc", "persian", "islamic-umalqura", "islamic-civil", "islamic-tbla"].map((calendar) => [...edges, ...dates, Date.UTC(1989, 0, 7), Date.UTC(1989, 0, 8), Date.UTC(2019, 3, 30), Date.UTC(2019, 4, 1), Date.UTC(1868, 9, 23), Date.UTC(1911, 11, 31), Date.UTC(2025, 2, 20), Date.UTC(2025, 2, 21), Date.UTC(2077, 5, 1)].map((d) => D("en", { calendar, year: "numeric", month: "numeric", day: "numeric", era: "short" }).format(d)).join(" / ")));
add("rejected options", () => [{ dateStyle: "full", day: "numeric" }, { timeStyle: "x" }, { timeZoneName: "x" }, { fractionalSecondDigits: 4 }, { fractionalSecondDigits: 0 }, { calendar: "x" }, { numberingSystem: "x" }, { numberingSystem: "latin" }, { hourCycle: "x" }, { formatMatcher: "x" }, { localeMatcher: "x" }, { weekday: "x" }, { dayPeriod: "x" }, { timeZone: null }].map((o) => caught(() => JSON.stringify(D("en", o).resolvedOptions()))));
add("rejected", () => [() => D("en").format(NaN), () => D("en").format(1e17), () => D("en").formatToParts("x"), () => D("en").formatRange(1), () => D("en").formatRange(1, NaN), () => D("en").formatRange(5e12, 1), () => new Date(0).toLocaleDateString("en", { timeStyle: "short" }), () => new Date(0).toLocaleTimeString("en", { dateStyle: "short" }), () => new Date(NaN).toLocaleString("en", { month: "bad" }), () => Intl.DateTimeFormat("en") instanceof Intl.DateTimeFormat, () => new Intl.DateTimeFormat(null), () => D("en").format(1n), () => Intl.DateTimeFormat.prototype.format, () => Intl.DateTimeFormat.prototype.resolvedOptions.call({}), () => new Date(0).toLocaleDateString("en", { hour: "numeric" }), () => new Date(0).toLocaleTimeString("en", { month: "long" }), () => new Date(0).toLocaleString("en", { era: "short" }), () => D("en").format(), () => typeof D("en").format].map((f) => caught(f)).map((s, i) => i === 17 ? typeof s : s));
add("surface", () => [Object.getOwnPropertyNames(Intl.DateTimeFormat.prototype).sort(), Object.getOwnPropertyNames(Intl.DurationFormat.prototype).sort(), Intl.DateTimeFormat.length, Intl.DurationFormat.length, Object.prototype.toString.call(D()), Object.prototype.toString.call(new Intl.DurationFormat()), Intl.DateTimeFormat.supportedLocalesOf(["de-DE", "xx", "zh-TW"]), Intl.DurationFormat.supportedLocalesOf(["de-DE", "xx"])]);
const many = { years: 1, months: 2, weeks: 3, days: 4, hours: 5, minutes: 6, seconds: 7, milliseconds: 8, microseconds: 9, nanoseconds: 10 };
for (const o of [{}, { style: "long" }, { style: "narrow" }, { style: "digital" }, { style: "digital", fractionalDigits: 2 }, { hours: "numeric" }, { hours: "2-digit" }, { minutes: "numeric" }, { seconds: "numeric" }, { milliseconds: "numeric" }, { microseconds: "numeric" }, { nanoseconds: "numeric", fractionalDigits: 9 }, { milliseconds: "numeric", fractionalDigits: 1 }, { hours: "numeric", secondsDisplay: "auto" }, { yearsDisplay: "always" }, { style: "digital", hoursDisplay: "auto" }, { style: "digital", minutesDisplay: "auto" }, { numberingSystem: "arab" }, { seconds: "long" }, { hours: "numeric", minutes: "long" }, { years: "numeric" }, { fractionalDigits: 10 }, { seconds: "numeric", milliseconds: "long" }, { millisecondsDisplay: "always", milliseconds: "numeric" }, { style: "x" }]) {
  add(`duration ${JSON.stringify(o)}`, () => [caught(() => JSON.stringify(new Intl.DurationFormat("en", o).resolvedOptions())), ...[many, { hours: 1 }, { hours: -1, minutes: -30 }, { minutes: 5, milliseconds: 1500 }, { seconds: 0 }, { seconds: -0.0, nanoseconds: -5 }, { days: 1000, hours: 12345 }, "PT1H", "-P1Y2M3W4DT5H6M7.125S"].map((d) => caught(() => new Intl.DurationFormat("en", o).format(d)))]);
  add(`duration parts ${JSON.stringify(o)}`, () => ["en", "de", "ja"].map((l) => [many, { hours: -1, seconds: -3 }].map((d) => caught(() => new Intl.DurationFormat(l, o).formatToParts(d).map((p) => `${p.type}:${p.value}:${p.unit}`).join("|")))));
}
add("duration rejected", () => [{}, 5, null, undefined, "", "P", "PT", "P1", "PT1.5H2M", "P1.5D", { hours: 1.5 }, { hours: NaN }, { hours: 1, minutes: -1 }, { foo: 1 }, { years: 2 ** 32 }, { seconds: 2 ** 53 }, { hours: "3" }, { hours: 1n }, [], "PT1.5H", "P1Y", "pt1h", "+PT1S"].map((d) => caught(() => new Intl.DurationFormat("en").format(d))));
add("duration rejected options", () => [null, 5, "x", { localeMatcher: "x" }, { numberingSystem: "x" }, { years: "x" }, { yearsDisplay: "x" }].map((o) => caught(() => JSON.stringify(new Intl.DurationFormat("en", o).resolvedOptions()))));
add("duration without new", () => Intl.DurationFormat("en"));

export default area(probes);

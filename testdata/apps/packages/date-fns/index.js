// date-fns: formats, arithmetic, locales, parsing.
import * as d from "date-fns";
import { de, fr, ja, enGB } from "date-fns/locale";
import { area } from "../../../conformance/probe.js";

const at = new Date(Date.UTC(2024, 1, 29, 13, 5, 9, 7));
const tokens = "G GGGG GGGGG y yo yy yyy yyyy Y R u Q Qo QQQ QQQQ M Mo MM MMM MMMM MMMMM L w wo ww I Io d do dd D Do E EEEE EEEEE EEEEEE i io ii iiii e eo eee c a aaaa aaaaa b bbbb B BBBB h ho hh H HH K k m mm s ss S SS SSS X XX XXX XXXX XXXXX x xxx O OOOO z zzzz t T P PP PPP PPPP p pp ppp pppp Pp PPpp PPPppp PPPPpppp".split(" ");
const opts = { useAdditionalDayOfYearTokens: true, useAdditionalWeekYearTokens: true };
const iso = (x) => d.isValid(x) ? x.toISOString() : String(x);

export default area({
  "format": () => tokens.map((t) => `${t}=${d.format(at, t, opts)}`),
  "locales": () => [de, fr, ja, enGB].map((locale) => [d.format(at, "PPPPpppp", { locale }), d.formatDistance(at, d.addDays(at, 40), { locale, addSuffix: true }), d.formatRelative(at, d.addDays(at, 2), { locale })]),
  "literal": () => d.format(at, "'Today is a' eeee 'o''clock' yyyy"),
  "distance": () => [1, 40, 100, 3000, 5000, 90000, 2e6, 4e7, 1e9].map((s) => d.formatDistance(0, s * 1000, { includeSeconds: true })),
  "distance strict": () => [1, 100, 90000, 4e7].map((s) => d.formatDistanceStrict(0, s * 1000)),
  "duration": () => [d.formatDuration(d.intervalToDuration({ start: 0, end: at })), d.formatISODuration({ years: 1, months: 2, days: 3, hours: 4 })],
  "arithmetic": () => [d.addMonths(new Date(Date.UTC(2024, 0, 31)), 1), d.subYears(at, 1), d.addBusinessDays(at, 7), d.addQuarters(at, 3), d.add(at, { weeks: 2, hours: -5 }), d.setISOWeek(at, 1), d.setDay(at, 0), d.lastDayOfMonth(at), d.endOfISOWeek(at), d.startOfWeek(at), d.startOfDecade(at), d.nextMonday(at), d.roundToNearestMinutes(at, { nearestTo: 15 })].map(iso),
  "difference": () => { const b = new Date(Date.UTC(2026, 10, 3)); return [d.differenceInDays, d.differenceInMonths, d.differenceInYears, d.differenceInBusinessDays, d.differenceInCalendarWeeks, d.differenceInHours, d.differenceInISOWeekYears, d.differenceInQuarters].map((f) => f(b, at)); },
  "parse": () => [["2024-02-30", "yyyy-MM-dd"], ["29 February 2024", "d MMMM yyyy"], ["02/11/2014", "MM/dd/yyyy"], ["1st Jan 20 3:04 PM", "do MMM yy h:mm a"], ["2024 W07 3", "RRRR 'W'II i"], ["2020-01-01T10:00:00.123+05:30", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX"], ["garbage", "P"]].map(([s, f]) => iso(d.parse(s, f, new Date(0)))),
  "parse iso": () => ["2024-02-29", "2024-02-29T12:30:45.678Z", "20240229T123045+0200", "2024-W09-4", "2024-060", "+002024-02-29", "2024-13-01", "12:30", "2024-02-29T24:00"].map((s) => iso(d.parseISO(s))),
  "parse json": () => ["2024-02-29T12:30:45.678Z", "2024-02-29T12:30:45+0200"].map((s) => iso(d.parseJSON(s))),
  "rfc": () => [d.formatRFC3339(at), d.formatRFC7231(at), d.formatISO(at), d.formatISO9075(at), d.lightFormat(at, "yyyy/MM/dd hh:mm aaaa")],
  "intl": () => [d.intlFormat(at, { year: "numeric", month: "long", day: "numeric" }, { locale: "en-US" }), d.intlFormat(at, { locale: "en-US" }), d.intlFormatDistance(d.addDays(at, 3), at, { locale: "en-US" }), d.intlFormatDistance(d.subDays(at, 1), at, { locale: "en-US" })],
  "intervals": () => [d.eachDayOfInterval({ start: at, end: d.addDays(at, 3) }).length, d.eachWeekendOfMonth(at).map((x) => x.getDate()), d.areIntervalsOverlapping({ start: 0, end: 10 }, { start: 5, end: 15 }), d.getOverlappingDaysInIntervals({ start: 0, end: 864e5 * 5 }, { start: 864e5 * 3, end: 864e5 * 9 }), d.isWithinInterval(5, { start: 0, end: 10 })],
  "compare": () => [d.closestTo(5, [1, 4, 9]), d.max([at, new Date(0)]), d.compareAsc(1, 2)].map((x) => x instanceof Date ? +x : x),
  "errors": () => { try { d.format(new Date(NaN), "yyyy"); } catch (e) { return e; } },
  "token error": () => { try { d.format(at, "YYYY-DD"); } catch (e) { return e.message.slice(0, 80); } },
});

// luxon, date-fns-tz, dayjs, temporal-polyfill, rrule, cron-parser.
import * as tz from "date-fns-tz";
import { DateTime, Interval, Duration, Info } from "luxon";
import { Temporal } from "temporal-polyfill";
import dayjs from "dayjs";
import utc from "dayjs/plugin/utc";
import timezone from "dayjs/plugin/timezone";
import rel from "dayjs/plugin/relativeTime";
import lf from "dayjs/plugin/localizedFormat";
import "dayjs/locale/de";
import * as rrule from "rrule";
import { CronExpressionParser } from "cron-parser";
import { de } from "date-fns/locale";
import { area } from "../../../conformance/probe.js";
dayjs.extend(utc); dayjs.extend(timezone); dayjs.extend(rel); dayjs.extend(lf);
const zones = ["America/New_York", "Europe/Berlin", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe", "America/St_Johns", "UTC"];
const times = [0, 1700000000000, Date.UTC(2024, 2, 31, 1, 30), Date.UTC(2024, 10, 3, 5, 30), Date.UTC(1900, 0, 1)];
export default area({
  "date-fns-tz": () => zones.map((z) => times.map((t) => tz.formatInTimeZone(new Date(t), z, "yyyy-MM-dd HH:mm:ss XXX zzz"))).join("\n"),
  "date-fns-tz long": () => tz.formatInTimeZone(new Date(0), "Europe/Berlin", "PPPPpppp zzzz", { locale: de }),
  "from zone": () => zones.map((z) => tz.fromZonedTime("2024-03-31 02:30:00", z).toISOString()),
  "to zone": () => zones.map((z) => tz.toZonedTime(times[1], z).toISOString()),
  "luxon": () => zones.map((z) => times.map((t) => { const d = DateTime.fromMillis(t, { zone: z }); return [d.toISO(), d.offsetNameShort, d.offsetNameLong, d.isInDST, d.toFormat("ffff"), d.weekNumber]; })),
  "luxon locale": () => ["en", "de", "fr", "ja", "ar", "pt-BR"].map((l) => { const d = DateTime.fromMillis(times[1], { zone: "UTC" }).setLocale(l); return [d.toLocaleString(DateTime.DATETIME_HUGE), d.toFormat("cccc d LLLL yyyy"), d.monthShort, d.weekdayShort]; }),
  "luxon relative": () => [DateTime.fromMillis(0).toRelative({ base: DateTime.fromMillis(86400000 * 3) }), DateTime.fromMillis(0).toRelativeCalendar({ base: DateTime.fromMillis(86400000) }), Duration.fromObject({ hours: 2, minutes: 7 }).toHuman(), Duration.fromISO("P1Y2M3DT4H").toHuman({ unitDisplay: "short" })],
  "luxon parse": () => [DateTime.fromFormat("Mar 4, 2020 5:06 pm", "LLL d, yyyy h:mm a", { zone: "utc" }).toISO(), DateTime.fromFormat("x", "yyyy").invalidExplanation, DateTime.fromISO("2020-W05-3", { zone: "utc" }).toISO(), DateTime.fromRFC2822("Tue, 01 Nov 2016 13:23:12 +0630").toISO(), DateTime.fromISO("2020-01-01", { zone: "Nope/Zone" }).invalidReason, DateTime.fromFormat("4 mars 2020", "d LLLL yyyy", { locale: "fr", zone: "utc" }).toISO()],
  "luxon interval": () => Interval.fromISO("2020-01-01/2020-01-05").splitBy({ days: 2 }).map((i) => i.toISODate()),
  "luxon info": () => [Info.months("long", { locale: "de" }), Info.weekdays("narrow"), Info.meridiems(), Info.eras("long"), Info.features(), Info.hasDST("Europe/Paris")],
  "temporal": () => zones.map((z) => { const d = Temporal.Instant.fromEpochMilliseconds(times[1]).toZonedDateTimeISO(z); return [d.toString(), d.add({ months: 4, days: 15 }).toString(), d.hoursInDay, d.offset, d.startOfDay().toString(), d.getTimeZoneTransition("next")?.toString()]; }),
  "temporal plain": () => [Temporal.PlainDate.from("2024-01-31").add({ months: 1 }).toString(), Temporal.PlainDate.from("2024-02-29").until("2025-03-01", { largestUnit: "year" }).toString(), Temporal.PlainDateTime.from("2020-01-01T10:00:30.5").round("minute").toString(), Temporal.Duration.from("PT90M").round({ largestUnit: "hour" }).toString(), Temporal.PlainTime.from("10:00").since("09:15:30").toString(), Temporal.PlainYearMonth.from("2024-02").daysInMonth],
  "temporal calendars": () => ["gregory", "japanese", "hebrew", "islamic-civil", "persian", "chinese", "buddhist", "roc", "indian", "coptic"].map((c) => { try { const d = Temporal.PlainDate.from("2024-02-29").withCalendar(c); return [c, d.year, d.monthCode, d.day, d.era, d.eraYear, d.add({ months: 1 }).toString()]; } catch (e) { return [c, String(e)]; } }),
  "temporal locale": () => [Temporal.PlainDate.from("2024-02-29").toLocaleString("en-US", { dateStyle: "full" }), Temporal.ZonedDateTime.from("2024-02-29T10:00[Europe/Paris]").toLocaleString("en-US"), Temporal.Instant.from("2024-01-01T00:00Z").toLocaleString("en-GB", { timeZone: "Asia/Tokyo", timeStyle: "short" })],
  "temporal error": () => Temporal.PlainDate.from("2024-02-30", { overflow: "reject" }),
  "dayjs": () => zones.map((z) => dayjs(times[2]).tz(z).format("YYYY-MM-DD HH:mm Z z")).concat(dayjs.utc(times[1]).locale("de").format("LLLL"), dayjs(0).from(dayjs(1e9)), dayjs.tz("2024-03-31 02:30", "Europe/Berlin").toISOString()),
  "rrule": () => new rrule.RRule({ freq: rrule.RRule.WEEKLY, count: 4, byweekday: [rrule.RRule.MO, rrule.RRule.FR], dtstart: new Date(times[1]) }).all().map((d) => d.toISOString()).concat(rrule.RRule.fromText("every 2 weeks on Tuesday").toString(), rrule.rrulestr("FREQ=MONTHLY;BYDAY=-1FR").toText()),
  "rrule tz": () => new rrule.RRule({ freq: rrule.RRule.DAILY, count: 2, tzid: "Europe/Berlin", dtstart: new Date(times[2]) }).all().map((d) => d.toISOString()),
  "cron": () => { const i = CronExpressionParser.parse("*/15 9-10 * * 1-5", { currentDate: new Date(times[1]), tz: "America/New_York" }); return [i.next().toISOString(), i.next().toISOString(), i.prev().toISOString()]; },
});

// Intl: a little of each class in every locale that workerd lists.
import { area } from "./probe.js";

const locales = `
af af-NA af-ZA ak ak-GH am am-ET ar ar-001 ar-AE ar-BH ar-DJ ar-DZ ar-EG ar-EH ar-ER ar-IL ar-IQ ar-JO ar-KM ar-KW ar-LB ar-LY ar-MA ar-MR ar-OM ar-PS
ar-QA ar-SA ar-SD ar-SO ar-SS ar-SY ar-TD ar-TN ar-YE az az-AZ az-Cyrl az-Cyrl-AZ bg bg-BG bn bn-BD bn-IN bs bs-BA bs-Cyrl bs-Cyrl-BA ca ca-AD ca-ES
ca-FR ca-IT ckb-IR cs cs-CZ da da-DK da-GL de de-AT de-BE de-CH de-DE de-IT de-LI de-LU ee-TG el el-CY el-GR en en-001 en-150 en-AE en-AG en-AI en-AS
en-AT en-AU en-BB en-BE en-BI en-BM en-BS en-BW en-BZ en-CA en-CC en-CH en-CK en-CM en-CX en-CY en-CZ en-DE en-DG en-DK en-DM en-EE en-ER en-ES en-FI
en-FJ en-FK en-FM en-FR en-GB en-GD en-GE en-GG en-GH en-GI en-GM en-GS en-GU en-GY en-HK en-HU en-ID en-IE en-IL en-IM en-IN en-IO en-IT en-JE en-JM
en-JP en-KE en-KI en-KN en-KY en-LC en-LR en-LS en-LT en-LV en-MG en-MH en-MO en-MP en-MS en-MT en-MU en-MV en-MW en-MY en-NA en-NF en-NG en-NL en-NO
en-NR en-NU en-NZ en-PG en-PH en-PK en-PL en-PN en-PR en-PT en-PW en-RO en-RW en-SB en-SC en-SD en-SE en-SG en-SH en-SI en-SK en-SL en-SS en-SX en-SZ
en-TC en-TK en-TO en-TT en-TV en-TZ en-UA en-UG en-UM en-US en-VC en-VG en-VI en-VU en-WS en-ZA en-ZM en-ZW es es-419 es-AR es-BO es-BR es-BZ es-CL
es-CO es-CR es-CU es-DO es-EA es-EC es-ES es-GQ es-GT es-HN es-IC es-MX es-NI es-PA es-PE es-PH es-PR es-PY es-SV es-US es-UY es-VE et et-EE fa fa-AF
fa-IR fi fi-FI fil fil-PH fr fr-BE fr-BF fr-BI fr-BJ fr-BL fr-CA fr-CD fr-CF fr-CG fr-CH fr-CI fr-CM fr-DJ fr-DZ fr-FR fr-GA fr-GF fr-GN fr-GP fr-GQ
fr-HT fr-KM fr-LU fr-MA fr-MC fr-MF fr-MG fr-ML fr-MQ fr-MR fr-MU fr-NC fr-NE fr-PF fr-PM fr-RE fr-RW fr-SC fr-SN fr-SY fr-TD fr-TG fr-TN fr-VU fr-WF
fr-YT gu gu-IN ha-GH he he-IL hi hi-IN hi-Latn hi-Latn-IN hr hr-BA hr-HR hu hu-HU id id-ID it it-CH it-IT it-SM it-VA ja ja-JP kk kk-Arab kk-Arab-CN
kk-CN kn kn-IN ko ko-CN ko-KP ko-KR kok kok-IN kok-Latn kok-Latn-IN lt lt-LT lv lv-LV ml ml-IN mr mr-IN ms ms-BN ms-ID ms-MY ms-SG nb ne-IN nl nl-AW
nl-BE nl-BQ nl-CW nl-NL nl-SR nl-SX no no-NO oc-ES om-KE pa pa-Arab pa-Arab-PK pa-PK pl pl-PL ps-PK pt pt-AO pt-BR pt-CH pt-CV pt-GQ pt-GW pt-LU pt-MO
pt-MZ pt-PT pt-ST pt-TL qu-BO ro ro-MD ro-RO ru ru-BY ru-KG ru-KZ ru-MD ru-RU ru-UA sd sd-Deva sd-Deva-IN sd-IN sk sk-SK sl sl-SI so-KE sq-MK sq-XK sr
sr-BA sr-Cyrl sr-Cyrl-BA sr-Cyrl-ME sr-Cyrl-RS sr-Cyrl-XK sr-Latn sr-Latn-BA sr-Latn-ME sr-Latn-RS sr-Latn-XK sr-ME sr-RS sr-XK st-LS sv sv-AX sv-FI
sv-SE sw sw-CD sw-KE sw-TZ sw-UG ta ta-IN ta-LK ta-MY ta-SG te te-IN th th-TH ti-ER tr tr-CY tr-TR uk uk-UA ur ur-IN ur-PK uz uz-AF uz-Arab uz-Arab-AF
uz-Cyrl uz-Cyrl-UZ uz-UZ vi vi-VN yo-BJ zh zh-CN zh-HK zh-Hans zh-Hans-CN zh-Hans-HK zh-Hans-MO zh-Hans-MY zh-Hans-SG zh-Hant zh-Hant-HK zh-Hant-MO
zh-Hant-MY zh-Hant-TW zh-MO zh-MY zh-SG zh-TW
`.trim().split(/\s+/);

const probes = {};
for (const l of locales) probes[l] = () => {
  const number = (o, ...list) => list.map((n) => new Intl.NumberFormat(l, o).format(n)).join(" ");
  const relative = new Intl.RelativeTimeFormat(l, { numeric: "auto" }), names = (type, code) => new Intl.DisplayNames(l, { type }).of(code);
  return [
    new Intl.NumberFormat(l).resolvedOptions().locale, number({}, -1234.5, 1234567, NaN), number({ style: "percent" }, 0.256), number({ style: "currency", currency: "USD" }, -1234.5), number({ style: "currency", currency: "EUR", currencyDisplay: "name" }, 1, 2),
    number({ notation: "compact" }, 1234, 98765432), number({ notation: "compact", compactDisplay: "long" }, 1e6), number({ style: "unit", unit: "kilometer-per-hour", unitDisplay: "long" }, 5), number({ style: "unit", unit: "day" }, 1, 3), new Intl.NumberFormat(l).formatRange(1, 2),
    relative.format(-1, "day"), relative.format(3, "week"), new Intl.PluralRules(l).select(2), new Intl.ListFormat(l).format(["a", "b", "c"]), names("region", "DE"), names("language", "pt-BR"), names("currency", "JPY"), names("script", "Cyrl"), new Intl.Collator(l).compare("z", "ä"),
  ];
};

export default area(probes);

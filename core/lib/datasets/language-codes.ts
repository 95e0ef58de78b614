// One language under the names that data sets give it: ISO 639-1 (people's ratings), ISO 639-3 (judges), language and script
// (FineWeb-2), with the families that JQL groups by. Pure data and look-ups. Source: JQL Table 1 and section 4, FineWeb-2's
// language table.

export interface Language {
  /** ISO 639-1, or what JQL's human set writes where two scripts share it: `sr-cyrl`. */
  readonly code: string;
  /** FineWeb-2's name: ISO 639-3 and ISO 15924. */
  readonly fineWeb: string;
  readonly name: string;
  readonly family: string;
  /** Sub-family of JQL's second order; null where the family has none. */
  readonly subFamily: string | null;
  /** Bold in JQL's Table 1: one of the 13 languages that avg-13 is over. */
  readonly isEvaluated: boolean;
  /** One of the 35 European languages that avg-35 is over. */
  readonly isEuropean35: boolean;
}

type Row = readonly [code: string, fineWeb: string, name: string, family: string, subFamily: string | null];

const rows: readonly Row[] = [
  ['bg', 'bul_Cyrl', 'Bulgarian', 'Slavic', 'South Slavic'],
  ['cs', 'ces_Latn', 'Czech', 'Slavic', 'West Slavic'],
  ['hr', 'hrv_Latn', 'Croatian', 'Slavic', 'South Slavic'],
  ['mk', 'mkd_Cyrl', 'Macedonian', 'Slavic', 'South Slavic'],
  ['pl', 'pol_Latn', 'Polish', 'Slavic', 'West Slavic'],
  ['sk', 'slk_Latn', 'Slovak', 'Slavic', 'West Slavic'],
  ['sl', 'slv_Latn', 'Slovenian', 'Slavic', 'South Slavic'],
  ['sr', 'srp_Latn', 'Serbian, Latin', 'Slavic', 'South Slavic'],
  ['sr-cyrl', 'srp_Cyrl', 'Serbian, Cyrillic', 'Slavic', 'South Slavic'],
  ['uk', 'ukr_Cyrl', 'Ukrainian', 'Slavic', 'East Slavic'],
  ['da', 'dan_Latn', 'Danish', 'Germanic', 'North Germanic'],
  ['de', 'deu_Latn', 'German', 'Germanic', 'West Germanic'],
  ['is', 'isl_Latn', 'Icelandic', 'Germanic', 'North Germanic'],
  ['nl', 'nld_Latn', 'Dutch', 'Germanic', 'West Germanic'],
  ['nb', 'nob_Latn', 'Norwegian Bokmål', 'Germanic', 'North Germanic'],
  ['nn', 'nno_Latn', 'Norwegian Nynorsk', 'Germanic', 'North Germanic'],
  ['sv', 'swe_Latn', 'Swedish', 'Germanic', 'North Germanic'],
  ['ca', 'cat_Latn', 'Catalan', 'Romance', 'Italo-Western Romance'],
  ['es', 'spa_Latn', 'Spanish', 'Romance', 'Italo-Western Romance'],
  ['fr', 'fra_Latn', 'French', 'Romance', 'Italo-Western Romance'],
  ['gl', 'glg_Latn', 'Galician', 'Romance', 'Italo-Western Romance'],
  ['it', 'ita_Latn', 'Italian', 'Romance', 'Italo-Western Romance'],
  ['pt', 'por_Latn', 'Portuguese', 'Romance', 'Italo-Western Romance'],
  ['ro', 'ron_Latn', 'Romanian', 'Romance', null],
  ['et', 'ekk_Latn', 'Estonian', 'Uralic', 'Finnic'],
  ['fi', 'fin_Latn', 'Finnish', 'Uralic', 'Finnic'],
  ['hu', 'hun_Latn', 'Hungarian', 'Uralic', null],
  ['lt', 'lit_Latn', 'Lithuanian', 'Baltic', null],
  ['lv', 'lvs_Latn', 'Latvian', 'Baltic', null],
  ['el', 'ell_Grek', 'Greek', 'Hellenic', null],
  ['ga', 'gle_Latn', 'Irish', 'Celtic', null],
  ['eu', 'eus_Latn', 'Basque', 'Basque', null],
  ['mt', 'mlt_Latn', 'Maltese', 'Semitic', null],
  ['tr', 'tur_Latn', 'Turkish', 'Turkic', null],
  ['sq', 'als_Latn', 'Albanian', 'Albanian', null],
  ['hy', 'hye_Armn', 'Armenian', 'Armenian', null],
  ['ar', 'arb_Arab', 'Arabic', 'Semitic', null],
  ['th', 'tha_Thai', 'Thai', 'Kra-Dai', null],
  ['zh', 'cmn_Hani', 'Chinese', 'Sino-Tibetan', null],
  ['en', 'eng_Latn', 'English', 'Germanic', 'West Germanic'],
];

/** In the order of JQL's avg-13 columns. */
export const EVALUATED_LANGUAGES = 'bg de el es fi fr hu it lt nb pl tr uk'.split(' ');
/** Serbian counts once, in Latin script: the test columns of JQL's Fig. 18 are 35. */
const notEuropean35 = new Set(['ar', 'th', 'zh', 'en', 'sr-cyrl']);

export const languages: readonly Language[] = rows.map(([code, fineWeb, name, family, subFamily]) => ({
  code,
  fineWeb,
  name,
  family,
  subFamily,
  isEvaluated: EVALUATED_LANGUAGES.includes(code),
  isEuropean35: !notEuropean35.has(code),
}));

/** Macrolanguages and older codes that other sets use for the same language. */
const aliases: Readonly<Record<string, string>> = {
  lav: 'lv',
  est: 'et',
  sqi: 'sq',
  ara: 'ar',
  zho: 'zh',
  nor: 'nb',
  no: 'nb',
  sh: 'sr',
  hbs: 'sr',
  srp: 'sr',
  ces: 'cs',
  cze: 'cs',
  ger: 'de',
  gre: 'el',
  fre: 'fr',
  dut: 'nl',
  rum: 'ro',
  slo: 'sk',
  mac: 'mk',
  alb: 'sq',
  arm: 'hy',
  baq: 'eu',
  ice: 'is',
};

const byName = new Map<string, Language>();
for (const language of languages) {
  const [iso3 = ''] = language.fineWeb.toLowerCase().split('_');
  byName.set(language.code, language);
  byName.set(language.fineWeb.toLowerCase(), language);
  if (!byName.has(iso3)) byName.set(iso3, language);
}
for (const [alias, code] of Object.entries(aliases)) {
  const language = byName.get(code);
  if (language) byName.set(alias, language);
}

/** `ro`, `ron`, `ron_Latn`, `RON-latn`, `sr-Cyrl`, `pt-BR`; undefined for a language that is not in the table. */
export function findLanguage(text: string): Language | undefined {
  const wanted = text.trim().toLowerCase();
  const [first = '', second = ''] = wanted.split(/[-_]/);
  const whole = byName.get(wanted.replaceAll('-', '_')) ?? byName.get(wanted.replaceAll('_', '-'));
  if (whole) return whole;
  const base = byName.get(first);
  if (base?.code === 'sr' && second === 'cyrl') return byName.get('sr-cyrl');
  // A script must be the language's own; a country may be any.
  if (base && second.length === 4 && !base.fineWeb.toLowerCase().endsWith(`_${second}`)) {
    return first in aliases ? base : undefined;
  }
  return base;
}

/** One spelling for the same language in every file: the code where the language is known, else the text as it is. */
export function languageKey(text: string): string {
  return findLanguage(text)?.code ?? text.trim();
}

// Composes one document of a kind from a sentence bank, and says how much it teaches (0–5, not rounded).
import type { LanguageBank, Topic } from './bank.ts';

export type Random = () => number;

export interface Composed {
  readonly lines: readonly string[];
  readonly quality: number;
  /** The web filter's verdict: null when the document would be kept. */
  readonly filterReason: string | null;
}

const between = (random: Random, low: number, high: number): number =>
  low + Math.floor(random() * (high - low + 1));
const pick = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

function sample<T>(random: Random, items: readonly T[], count: number): T[] {
  const left = [...items];
  return Array.from({ length: Math.min(count, items.length) }, () =>
    left.splice(Math.floor(random() * left.length), 1),
  ).flat();
}

/** Any number of lines: whole passes over the bank in a new order each time. */
function many(random: Random, items: readonly string[], count: number): string[] {
  const lines: string[] = [];
  while (lines.length < count) lines.push(...sample(random, items, count - lines.length));
  return lines;
}

function fill(random: Random, bank: LanguageBank, line: string): string {
  const values: Record<string, () => string> = {
    product: () => pick(random, bank.products),
    city: () => pick(random, bank.cities),
    name: () => pick(random, bank.names),
    number: () => String(between(random, 3, 90)),
    price: () => `${between(random, 9, 399)},99`,
    percent: () => String(5 * between(random, 2, 14)),
    year: () => String(between(random, 2009, 2024)),
  };
  return line.replaceAll(/\{(\w+)\}/g, (whole, key: string) => values[key]?.() ?? whole);
}

function chapter(random: Random, bank: LanguageBank, topic: Topic, full: boolean): string[] {
  const [definition = '', ...rest] = topic.sentences;
  if (!full) return [topic.title, [definition, ...rest.slice(0, between(random, 2, 4))].join(' ')];
  return [
    `${bank.labels.lesson} ${between(random, 1, 30)}. ${topic.title}`,
    definition,
    ...rest,
    `${bank.labels.example}: ${topic.example}`,
    `${bank.labels.questions}: ${topic.question}`,
    ...(random() < 0.5 ? [`${bank.labels.summary}: ${definition}`] : []),
  ];
}

const composers: Readonly<Record<string, (random: Random, bank: LanguageBank) => Composed>> = {
  lesson: (random, bank) => {
    const topics = sample(random, bank.topics, pick(random, [1, 1, 2, 3, 6]));
    const lines = topics.flatMap((topic) => chapter(random, bank, topic, true));
    return {
      lines,
      quality: 4.1 + random() * 0.9,
      filterReason: random() < 0.25 ? 'short_line_ratio' : null,
    };
  },
  article: (random, bank) => {
    const topics = sample(random, bank.topics, pick(random, [1, 2, 2, 3]));
    const lines = topics.flatMap((topic) => chapter(random, bank, topic, false));
    return { lines, quality: 3 + random() * 1.1, filterReason: random() < 0.2 ? 'gopher_short_doc' : null };
  },
  recipe: (random, bank) => ({
    lines: [
      pick(random, bank.recipeTitles),
      `${bank.labels.ingredients}:`,
      ...sample(random, bank.recipeIngredients, between(random, 3, 6)).map((line) => `- ${line}`),
      `${bank.labels.steps}:`,
      ...bank.recipeSteps.slice(0, between(random, 3, 5)),
    ],
    quality: 1.6 + random(),
    filterReason: random() < 0.4 ? 'list_ratio' : null,
  }),
  news: (random, bank) => ({
    lines: sample(random, bank.news, between(random, 2, 6)),
    quality: 1.2 + random() * 1.2,
    filterReason: random() < 0.2 ? 'gopher_short_doc' : null,
  }),
  forum: (random, bank) => ({
    lines: many(random, bank.forumPosts, pick(random, [1, 3, 6, 12, 30])),
    quality: 0.4 + random(),
    filterReason: random() < 0.4 ? 'line_punct_ratio' : null,
  }),
  advertisement: (random, bank) => ({
    lines: many(random, bank.advertisement, pick(random, [1, 3, 6, 14])),
    quality: random() * 0.7,
    filterReason: random() < 0.35 ? 'dup_line_frac' : null,
  }),
  navigation: (random, bank) => ({
    lines: many(random, bank.navigation, pick(random, [8, 14, 30, 60])),
    quality: random() * 0.4,
    filterReason: random() < 0.85 ? 'short_line_ratio' : null,
  }),
  /** An article buried in a shop's page: something to learn, hard to find. */
  buried: (random, bank) => ({
    lines: [
      ...sample(random, bank.navigation, between(random, 4, 10)),
      ...chapter(random, bank, pick(random, bank.topics), false),
      ...sample(random, bank.advertisement, between(random, 2, 5)),
      ...sample(random, bank.navigation, between(random, 2, 6)),
    ],
    quality: 1.9 + random() * 1.1,
    filterReason: random() < 0.5 ? 'short_line_ratio' : null,
  }),
};

export const documentKinds: readonly string[] = Object.keys(composers);

export function compose(kind: string, bank: LanguageBank, random: Random): Composed {
  const composer = composers[kind];
  if (!composer) throw new RangeError(`No composer for ${kind}`);
  const document = composer(random, bank);
  return { ...document, lines: document.lines.map((line) => fill(random, bank, line)) };
}

// Each rule once followed and once not, in English and Italian; strict and loose; scores; bad prompts.
import { expect, test } from 'vitest';
import { instructionKinds, readPrompt } from '../../../../../../core/lib/evaluations/ifeval/instructions.ts';
import { loadLanguageIdentifier } from '../../../../../../core/services/evaluations/ifeval/language-identifier.ts';
import {
  checkAnswer,
  ifevalScores,
  looseVersions,
} from '../../../../../../core/lib/evaluations/ifeval/score.ts';

const italian = 'Il fiume scorre lento verso il mare e le barche aspettano nel porto.';
const english = 'The river runs slowly to the sea and the boats wait in the harbour.';

type Case = readonly [
  id: string,
  given: Readonly<Record<string, unknown>>,
  follows: string,
  not: string,
  language?: 'it',
];

const cases: readonly Case[] = [
  ['keywords:existence', { keywords: ['Fiume', 'mare'] }, italian, english],
  [
    'keywords:frequency',
    { keyword: 'e', frequency: 12, relation: 'less than' },
    italian,
    `${english} ${english} ${english}`,
  ],
  ['keywords:forbidden_words', { forbidden_words: ['città'] }, 'le cittàdine', 'la CITTÀ, sì'],
  ['keywords:letter_frequency', { letter: '!', let_frequency: 2, let_relation: 'at least' }, 'a!b!', 'a!'],
  ['language:response_language', { language: 'it' }, italian, english],
  ['length_constraints:number_sentences', { num_sentences: 2, relation: 'at least' }, 'Sì. No.', 'Sì, no.'],
  ['length_constraints:number_paragraphs', { num_paragraphs: 2 }, 'a\n***\nb', 'a\n\nb'],
  ['length_constraints:number_words', { num_words: 4, relation: 'at least' }, "C'è un fiume", 'È un fiume'],
  [
    'length_constraints:nth_paragraph_first_word',
    { num_paragraphs: 2, nth_paragraph: 2, first_word: 'Però' },
    'Sì.\n\n"PERÒ, no.',
    'Però sì.\n\nNo.',
  ],
  ['detectable_content:number_placeholders', { num_placeholders: 2 }, '[via] e [città]', '[via e città]'],
  [
    'detectable_content:postscript',
    { postscript_marker: 'P.S.' },
    'Ciao.\np.s. a domani',
    'Ciao. PS a domani',
  ],
  ['detectable_format:number_bullet_lists', { num_bullets: 2 }, '* a\n- b', '* a\n** b'],
  ['detectable_format:constrained_response', {}, 'La mia risposta è forse.', 'My answer is maybe.', 'it'],
  ['detectable_format:number_highlighted_sections', { num_highlights: 2 }, '*a* e **b**', '*a* e ** **'],
  [
    'detectable_format:multiple_sections',
    { section_spliter: 'SEZIONE', num_sections: 2 },
    'SEZIONE 1 a SEZIONE 2',
    'Sezione 1 a Sezione 2',
  ],
  ['detectable_format:json_format', {}, '```JSON\n{"è": 1}\n```', '{è: 1}'],
  ['detectable_format:title', {}, '<<Il fiume>>\nScorre.', '<< >>\nScorre.'],
  ['combination:two_responses', {}, 'a******b', 'a******b******c'],
  [
    'combination:repeat_prompt',
    { prompt_to_repeat: 'Parla del FIUME' },
    'parla del fiume? Scorre.',
    'Scorre. Parla del fiume',
  ],
  ['startend:end_checker', { end_phrase: 'È tutto.' }, 'Scorre. è tutto."', 'È tutto. Scorre.'],
  ['startend:quotation', {}, ' "Scorre." ', '"Scorre.'],
  [
    'change_case:capital_word_frequency',
    { capital_frequency: 2, capital_relation: 'at least' },
    "L'ONU è QUI",
    'Nato, Onu',
  ],
  ['change_case:italian_capital', {}, italian.toUpperCase(), english.toUpperCase(), 'it'],
  ['change_case:english_lowercase', {}, english.toLowerCase(), english],
  ['change_case:english_capital', {}, english.toUpperCase(), italian.toUpperCase()],
  ['punctuation:no_comma', {}, 'a; b', 'a, b'],
];

const languages = await loadLanguageIdentifier();

const verdict = (
  id: string,
  given: Readonly<Record<string, unknown>>,
  answer: string,
  language: 'en' | 'it' = 'en',
) =>
  checkAnswer({ key: '1', prompt: 'p', instructions: [{ id, given }] }, answer, { language, languages })
    .instructions[0];

test('every kind has a case', () => {
  const asked = new Set(cases.map(([id]) => id));
  expect(instructionKinds.filter((kind) => !asked.has(kind))).toEqual([]);
  expect(instructionKinds).toHaveLength(25);
});

for (const [id, given, follows, not, language] of cases) {
  test(`${id} ${JSON.stringify(given)}`, () => {
    expect(verdict(id, given, follows, language)).toMatchObject({ strict: true, loose: true, problem: null });
    expect(verdict(id, given, not, language)).toMatchObject({ strict: false });
  });
}

test('loosely, a first line, a last line and stars do not count', () => {
  expect(looseVersions('a\n*b*\nc')).toEqual([
    'a\n*b*\nc',
    '*b*\nc',
    'a\n*b*',
    '*b*',
    'a\nb\nc',
    'b\nc',
    'a\nb',
    'b',
  ]);
  const wrapped = 'Certo, ecco:\n"Scorre *piano*."\nA presto!';
  expect(verdict('startend:quotation', {}, wrapped)).toMatchObject({ strict: false, loose: true });
  expect(verdict('punctuation:no_comma', {}, '')).toMatchObject({ strict: false, loose: false });
});

test('what cannot be checked is named and does not count as followed', () => {
  expect(verdict('keywords:rhymes', {}, 'a')?.problem).toBe('IFEval has no such instruction');
  expect(verdict('constructor', {}, 'a')?.problem).toBe('IFEval has no such instruction');
  expect(verdict('keywords:frequency', { keyword: 'a', relation: 'about' }, 'a')).toMatchObject({
    strict: false,
    problem: 'It needs frequency, relation',
  });
  expect(verdict('language:response_language', { language: 'sw' }, 'a')?.problem).toBe(
    'The language sw cannot be told',
  );
  // Keywords are words, whatever they mean in an expression.
  expect(verdict('keywords:existence', { keywords: ['C++ (new)', '.*'] }, 'c++ (NEW) .*')?.strict).toBe(true);
  expect(verdict('keywords:existence', { keywords: ['a.c'] }, 'abc')?.strict).toBe(false);
  expect(
    verdict('detectable_format:multiple_sections', { section_spliter: '((', num_sections: 1 }, '(( 1')
      ?.strict,
  ).toBe(true);
});

test('rows of the data set', () => {
  const row = {
    key: 1000,
    prompt: 'Write.',
    instruction_id_list: ['punctuation:no_comma', 'detectable_format:number_highlighted_sections'],
    kwargs: [
      { num_highlights: null, keywords: null },
      { num_highlights: 3, relation: null },
    ],
  };
  expect(readPrompt(row)).toEqual({
    key: '1000',
    prompt: 'Write.',
    instructions: [
      { id: 'punctuation:no_comma', given: {} },
      { id: 'detectable_format:number_highlighted_sections', given: { num_highlights: 3 } },
    ],
  });
  for (const bad of [
    null,
    3,
    {},
    { ...row, kwargs: [] },
    { ...row, instruction_id_list: [] },
    { ...row, prompt: 3 },
  ]) {
    expect(readPrompt(bad)).toBeNull();
  }
});

test('scores by prompt and by instruction', () => {
  const prompt = {
    key: null,
    prompt: 'p',
    instructions: [
      { id: 'punctuation:no_comma', given: {} },
      { id: 'startend:quotation', given: {} },
    ],
  };
  const verdicts = ['"a"', '"a, b"', 'x\n"a"', ''].map((answer) =>
    checkAnswer(prompt, answer, { language: 'en', languages }),
  );
  expect(ifevalScores(verdicts)).toMatchObject({
    prompts: 4,
    instructions: 8,
    prompt_level_strict_acc: 0.25,
    prompt_level_loose_acc: 0.5,
    inst_level_strict_acc: 0.5,
    inst_level_loose_acc: 5 / 8,
    // √(0.25 · 0.75 / 3)
    prompt_level_strict_acc_stderr: 0.25,
    kinds: [
      { id: 'punctuation:no_comma', count: 4, strict: 2, loose: 2 },
      { id: 'startend:quotation', count: 4, strict: 2, loose: 3 },
    ],
    unchecked: 0,
  });
  expect(ifevalScores([]).prompt_level_strict_acc).toBeNaN();
});

test('a long answer of stars, brackets and quotes is checked in no time', () => {
  const answer = `${'*'.repeat(20_000)}${'['.repeat(20_000)}${'"'.repeat(20_000)}${'<'.repeat(20_000)}${'a. '.repeat(20_000)}`;
  const began = performance.now();
  for (const [id, given] of cases) verdict(id, given, answer);
  expect(performance.now() - began).toBeLessThan(8000);
});

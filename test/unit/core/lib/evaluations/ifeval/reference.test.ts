// Every answer under every instruction, against the verdicts of lm-evaluation-harness: test/fixtures/ifeval/make_ifeval.py.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  countCapitalWords,
  countSentences,
  countWords,
} from '../../../../../../core/lib/evaluations/ifeval/counting.ts';
import { instructionKinds } from '../../../../../../core/lib/evaluations/ifeval/instructions.ts';
import { loadLanguageIdentifier } from '../../../../../../core/services/evaluations/ifeval/language-identifier.ts';
import { checkAnswer } from '../../../../../../core/lib/evaluations/ifeval/score.ts';

const golden = z
  .object({
    prompt: z.string(),
    instructions: z.array(z.object({ id: z.string(), given: z.record(z.string(), z.unknown()) })),
    answers: z.array(
      z.object({
        answer: z.string(),
        strict: z.string(),
        loose: z.string(),
        words: z.number(),
        sentences: z.number(),
        capitals: z.number(),
      }),
    ),
  })
  .parse(
    JSON.parse(
      readFileSync(join(import.meta.dirname, '../../../../../fixtures/ifeval/verdicts.json'), 'utf8'),
    ),
  );

const languages = await loadLanguageIdentifier();
const prompt = { key: null, prompt: golden.prompt, instructions: golden.instructions };

test('all kinds are asked, and each is both followed and not followed by some answer', () => {
  for (const kind of instructionKinds) {
    const places = golden.instructions.flatMap(({ id }, place) => (id === kind ? [place] : []));
    const strict = places.flatMap((place) => golden.answers.map(({ strict: bits }) => bits[place]));
    expect(new Set(strict), kind).toEqual(new Set(['0', '1']));
  }
});

/** Of 65 answers the one in which sentences are counted otherwise: letters with periods. */
const SENTENCES_APART = ['Done.\n\nP. S. no.\nP.P.'];
const isApart = (answer: string) => SENTENCES_APART.some((start) => answer.startsWith(start));

test('verdicts are those of the reference, but for languages and a few sentences', () => {
  const apart: string[] = [];
  const otherLanguages = new Map<string, string>();
  let total = 0;
  for (const { answer, ...wanted } of golden.answers) {
    const { instructions } = checkAnswer(prompt, answer, { language: 'en', languages });
    for (const [place, { id, strict, loose, problem }] of instructions.entries()) {
      expect(problem).toBeNull();
      for (const [way, found] of Object.entries({ strict, loose })) {
        total += 1;
        const bits = way === 'strict' ? wanted.strict : wanted.loose;
        if ((bits[place] === '1') === found) continue;
        const given = JSON.stringify(golden.instructions[place]?.given);
        if (/^language:|english_/.test(id))
          otherLanguages.set(`${answer.slice(0, 24)} ${given} ${way}`, String(found));
        else if (id !== 'length_constraints:number_sentences' || !isApart(answer))
          apart.push(`${way} ${id} ${given} ${found ? 'follows' : 'does not'}: ${answer.slice(0, 60)}`);
      }
    }
  }
  expect(total).toBe(golden.answers.length * golden.instructions.length * 2);
  expect(apart).toEqual([]);
  // Three of these answers get another language from langdetect itself where its seed is another one (1.0.9, 20 seeds).
  // langdetect takes capitals in Italian for English; the others are a few words, or JSON. Of 780 verdicts on languages 17 differ, and 2 of 260 on English capitals and small letters.
  const starts = new Set([...otherLanguages.keys()].map((text) => text.slice(0, 12)));
  expect([...starts]).toEqual([
    'IL FIUME SCO',
    'Done.\n\nP.S. ',
    'Done.\n\nP. S.',
    '{"name": "Ro',
    'Same.\n******',
    'write ABOUT ',
    'river RIVER ',
    'Intro line\n{',
  ]);
  expect(otherLanguages.size).toBe(19);
});

test('words and capitals are counted as in the reference, sentences but for one answer', () => {
  for (const { answer, words, sentences, capitals } of golden.answers) {
    expect(countWords(answer), answer).toBe(words);
    expect(countCapitalWords(answer), answer).toBe(capitals);
    if (!isApart(answer)) expect(countSentences(answer, 'en'), answer).toBe(sentences);
  }
  expect(countSentences('La città è viva. Il sig. Rossi ci abita da anni.', 'it')).toBe(2);
  expect(countSentences('Vedi pag. 3 e il dott. Bianchi. Poi, per es. domani, torna qui!', 'it')).toBe(2);
  expect(countSentences('Pane, latte ecc. Poi basta.', 'it')).toBe(2);
  expect(countSentences('pane, latte ecc. e poi basta. fine.', 'it')).toBe(2);
});

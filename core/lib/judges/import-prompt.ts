// A judge out of another tool's prompt file: plain text with a place for the document, or YAML with `prompt` and `prompt_name`
// as ml_filter keeps them.
import { parse } from 'yaml';
import { z } from 'zod';
import { StudioError } from '../../api/errors.ts';
import { defaultSampling, type JudgeTemplate, judgeTemplate, PLACEHOLDER } from './judge-template.ts';

/** What others write where the document goes, the most particular first. */
const placeholders = [
  '{{document}}',
  '{{ document }}',
  '{{text}}',
  '{{ text }}',
  PLACEHOLDER,
  '{placeholder}',
  '{text}',
  '{content}',
  '{extract}',
  '{example}',
  '<EXAMPLE>',
  '<document>',
  '<text>',
  '%s',
] as const;

const foreign = z.object({ prompt: z.string(), prompt_name: z.string().optional() });
/** `Educational score: <total points>`, quoted or not: the words before the number are the label. */
const announced = /((?:[\p{L}][\p{L}-]* ){0,3}score):[ \t]*(?:[<[{(]|\d|X\b|N\b)/giu;

export interface ImportedPrompt {
  readonly judge: JudgeTemplate;
  /** Sentences about what was guessed and should be looked at. */
  readonly remarks: readonly string[];
}

/** Throws INVALID_INPUT when there is no place for the document, or more than one kind of it. */
export function importPrompt(text: string, fileName: string): ImportedPrompt {
  const { words, title, kind } = readForeign(text, fileName);
  const remarks: string[] = [];
  const marker = placeholders.find((candidate) => words.includes(candidate));
  if (marker === undefined) {
    throw new StudioError('INVALID_INPUT', `${fileName} has no place for the document`, {
      hint: `Write ${PLACEHOLDER} where the document goes, then import it again`,
    });
  }
  const parts = words.split(marker);
  if (parts.length !== 2) {
    throw new StudioError('INVALID_INPUT', `${fileName} has ${parts.length - 1} places for the document`, {
      hint: `Leave one ${marker} only`,
    });
  }
  if (marker !== PLACEHOLDER) remarks.push(`${marker} became ${PLACEHOLDER}`);
  const found = [...words.matchAll(announced)].at(-1)?.[1];
  const label = `${(found ?? 'Score').trim()}:`;
  remarks.push(
    found === undefined
      ? 'The prompt announces no score; the label “Score:” was assumed'
      : `The score is expected after “${label}”`,
  );
  if (kind === 'text') remarks.push('Sampling is that of JQL; the file says nothing about it');
  const parsed = judgeTemplate.safeParse({
    title,
    label,
    sampling: defaultSampling,
    prompt: parts.join(PLACEHOLDER),
  });
  if (parsed.success) return { judge: parsed.data, remarks };
  const [first] = parsed.error.issues;
  throw new StudioError('INVALID_INPUT', `${fileName} is no prompt: ${first?.message ?? 'unknown'}`, {
    hint: 'Choose a text file with the prompt',
    cause: parsed.error,
  });
}

function readForeign(text: string, fileName: string) {
  const base = (fileName.split(/[\\/]/).at(-1) ?? fileName).replace(/\.[^.]+$/, '');
  if (/\.ya?ml$/i.test(fileName) || /^prompt:/m.test(text)) {
    let value: unknown = null;
    try {
      value = parse(text, { maxAliasCount: 20 });
    } catch {
      // A plain text that happens to start a line with `prompt:`.
    }
    const parsed = foreign.safeParse(value);
    // These files write line breaks inside a block as \n.
    if (parsed.success) {
      const words = parsed.data.prompt.replaceAll('\\n', '\n');
      return { words, title: parsed.data.prompt_name ?? base, kind: 'yaml' as const };
    }
  }
  return { words: text.replaceAll('\r\n', '\n'), title: base || 'Imported prompt', kind: 'text' as const };
}

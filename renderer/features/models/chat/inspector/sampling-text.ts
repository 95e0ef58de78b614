// Stop texts and token biases as a person types them: one a line. Pure.
import { type TokenBias, tokenBias } from '../../../../../core/api/generation.ts';

const MAX_STOP_TEXTS = 16;

export function stopTextsText(texts: readonly string[]): string {
  return texts.map((text) => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')).join('\n');
}

export function readStopTexts(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replaceAll(/\\(n|\\)/g, (_, sign: string) => (sign === 'n' ? '\n' : '\\')))
    .filter((line) => line !== '')
    .slice(0, MAX_STOP_TEXTS);
}

export function biasText(biases: readonly TokenBias[]): string {
  return biases
    .map(({ token, bias }) => `${typeof token === 'number' ? token : JSON.stringify(token)} ${bias}`)
    .join('\n');
}

export interface BiasesRead {
  readonly biases: readonly TokenBias[];
  /** Null: every line could be read. */
  readonly problem: string | null;
}

export function readBiases(text: string): BiasesRead {
  const biases: TokenBias[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const [, quoted, id, bias] = /^\s*(?:("(?:[^"\\]|\\.)*")|(\d+))\s+([+-]?[\d.]+)\s*$/.exec(line) ?? [];
    const read = tokenBias.safeParse({
      token: id === undefined ? parsed(quoted) : Number(id),
      bias: Number(bias),
    });
    if (!read.success) return { biases: [], problem: `Line ${index + 1} is not like "parola" -2` };
    biases.push(read.data);
  }
  return { biases, problem: null };
}

function parsed(quoted: string | undefined): unknown {
  try {
    return JSON.parse(quoted ?? '');
  } catch {
    return null;
  }
}

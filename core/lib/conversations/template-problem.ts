// Where a chat template is broken: the parser alone says what, this finds the line. Jinja as the runtime and transformers read it.
import { Template } from '@huggingface/jinja';

export interface TemplateProblem {
  /** From 1. */
  readonly line: number;
  readonly reason: string;
}

/** Null: it can be read. What goes wrong while it runs only rendering shows. */
export function templateProblem(text: string): TemplateProblem | null {
  const reason = reasonOf(text);
  if (reason === null) return null;
  return blockProblem(text) ?? { line: text.split('\n').length, reason };
}

function reasonOf(text: string): string | null {
  try {
    return new Template(text) instanceof Template ? null : 'it cannot be read';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

interface Open {
  readonly word: string;
  readonly line: number;
}

/** What closes what; `set` closes only where it has no value. */
const closers: Readonly<Record<string, string>> = {
  endif: 'if',
  endfor: 'for',
  endmacro: 'macro',
  endset: 'set',
  endcall: 'call',
  endfilter: 'filter',
};
const middles: Readonly<Record<string, readonly string[]>> = { elif: ['if'], else: ['if', 'for'] };

/** Block by block: the first that is not closed, closes nothing, or cannot be read by itself. */
function blockProblem(text: string): TemplateProblem | null {
  const open: Open[] = [];
  const pattern = /\{#[\s\S]*?#\}|\{([{%])[-+]?([\s\S]*?)[-+]?([}%])\}|\{[{%]/g;
  for (const match of text.matchAll(pattern)) {
    const [whole, kind, inner = ''] = match;
    const line = lineAt(text, match.index);
    if (whole.startsWith('{#')) continue;
    if (kind === undefined) return { line, reason: `${whole} is not closed` };
    if (kind === '{') {
      const reason = reasonOf(`{{${inner}}}`);
      if (reason !== null) return { line, reason };
      continue;
    }
    const problem = statementProblem(inner.trim(), line, open);
    if (problem !== null) return problem;
  }
  const last = open.at(-1);
  return last ? { line: last.line, reason: `${last.word} is not closed` } : null;
}

/** Keeps `open` up to date. */
function statementProblem(statement: string, line: number, open: Open[]): TemplateProblem | null {
  const word = /^\w+/.exec(statement)?.[0] ?? '';
  const closes = closers[word];
  if (closes !== undefined) {
    const last = open.pop();
    if (last?.word === closes) return null;
    return {
      line,
      reason: last ? `${word} where ${last.word} of line ${last.line} is open` : `${word} closes nothing`,
    };
  }
  const inside = middles[word];
  if (inside !== undefined) {
    const last = open.at(-1);
    if (!last || !inside.includes(last.word))
      return { line, reason: `${word} without ${inside.join(' or ')}` };
    const reason = word === 'elif' ? reasonOf(`{% if ${statement.slice(word.length)} %}{% endif %}`) : null;
    return reason === null ? null : { line, reason };
  }
  const end = Object.keys(closers).find((closer) => closers[closer] === word);
  const isBlock = end !== undefined && !(word === 'set' && statement.includes('='));
  const reason = reasonOf(isBlock ? `{% ${statement} %}{% ${end} %}` : `{% ${statement} %}`);
  if (isBlock) open.push({ word, line });
  // Loop controls are right only inside a loop.
  return reason === null || word === 'break' || word === 'continue' ? null : { line, reason };
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

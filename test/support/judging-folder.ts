// `nesso judge` in a folder of its own: corpora to judge, the words of a run, and what it wrote.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { type JudgementLine, judgementLine } from '../../core/lib/judges/judgement-line.ts';
import { type Started, startNesso } from '../integration/cli-process.ts';
import { ensureChildBuilt } from './built-child.ts';
import { generation, type JudgeServer, type JudgeServerOptions, scoresWanted } from './judge-server.ts';
import { type TestFolder, temporaryFolder } from './test-core.ts';

/** A server that gives the scores a document asks for, all in one answer. */
export const obliging: JudgeServerOptions['reply'] = ({ prompt, n }) => ({
  kind: 'texts',
  texts: Array.from({ length: n }, (_, index) => generation(scoresWanted(prompt)[index] ?? '0')),
});

export interface JudgingFolder extends AsyncDisposable {
  at(...names: string[]): string;
  /** Id, text and language of each document; returns the name. */
  corpus(name: string, documents: readonly (readonly [string, string, string?])[]): string;
  many(name: string, count: number, scores?: string): string;
  nesso(words: readonly string[]): Started;
  judge(words: readonly string[], environment?: Readonly<Record<string, string>>): Started;
  linesOf<T>(schema: z.ZodType<T>, name: string): readonly T[];
  annotations(output: string): readonly JudgementLine[];
  countLines(output: string): number;
  /** Every byte below the folder. */
  everything(): string;
}

export function runWords(
  file: string,
  server: Pick<JudgeServer, 'baseUrl'>,
  output: string,
  ...more: readonly string[]
): readonly string[] {
  const asked = ['--judge', 'educational', '--endpoint', server.baseUrl, '--model', 'judge-1'];
  return ['run', file, ...asked, '-o', output, ...more];
}

export async function openJudgingFolder(): Promise<JudgingFolder> {
  ensureChildBuilt('nesso', 'cli');
  ensureChildBuilt('native-duckdb', 'native/duckdb');
  const folder: TestFolder = await temporaryFolder();
  const at = (...names: string[]): string => join(folder.path, ...names);
  const corpus: JudgingFolder['corpus'] = (name, documents) => {
    const lines = documents.map(([id, text, language = 'deu']) => JSON.stringify({ id, text, language }));
    writeFileSync(at(name), `${lines.join('\n')}\n`);
    return name;
  };
  const linesOf = <T>(schema: z.ZodType<T>, name: string): readonly T[] =>
    readFileSync(at(name), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => schema.parse(JSON.parse(line)));
  return {
    at,
    corpus,
    many: (name, count, scores = '3 3 1') =>
      corpus(
        name,
        Array.from({ length: count }, (_, index) => [`d${index}`, `Text ${index} [scores ${scores}]`]),
      ),
    nesso: (words) => startNesso(at('state'), words, folder.path),
    judge(words, environment = {}) {
      for (const [name, value] of Object.entries(environment)) process.env[name] = value;
      const started = startNesso(at('state'), ['judge', ...words, '--json'], folder.path);
      for (const name of Object.keys(environment)) Reflect.deleteProperty(process.env, name);
      return started;
    },
    linesOf,
    annotations: (output) => linesOf(judgementLine, join(output, 'annotations.jsonl')),
    countLines(output) {
      try {
        return readFileSync(at(output, 'annotations.jsonl'), 'utf8').split('\n').length - 1;
      } catch {
        return 0;
      }
    },
    everything: () =>
      readdirSync(folder.path, { recursive: true, encoding: 'utf8' })
        .filter((name) => statSync(at(name)).isFile())
        .map((name) => readFileSync(at(name), 'latin1'))
        .join('\n'),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

// What a run of a chain finds when its turn comes: paths that earlier runs of the chain will have written by then. They need not be
// there yet; what they will hold is checked instead. Paths are absolute on the target, unless said otherwise.
import type { PreflightFinding } from '../../api/launches.ts';
import { knownVocabularySize } from '../config/derived/known-tokenizers.ts';
import { integerAt, stringAt } from '../config/derived/read-values.ts';
import { parseConfig } from '../config/document.ts';
import type { ConfigDocument } from '../config/types.ts';
import { formatInteger } from '../format/numbers.ts';
import type { ParameterValues } from '../recipes/command-line.ts';
import type { RecipeFile } from '../recipes/recipe-file.ts';
import { checkpointFolder } from '../recipes/resume.ts';
import { findingsOf } from './finding.ts';

const say = findingsOf('data');

/** Something that a run will have written when it has ended well. */
export interface Making {
  /** Of the run that writes it, as a person reads it. */
  readonly title: string;
  readonly what: 'tokens' | 'documents' | 'model' | 'checkpoints';
  readonly path: string;
  /** Name of the tokenizer that token files will carry. */
  readonly tokenizer: string | null;
  /** Steps that are saved, where the config says so. */
  readonly saved: { readonly every: number; readonly last: number } | null;
}

/** What a run needs to find, by a parameter of its recipe. */
export interface Need {
  readonly label: string;
  readonly what: 'documents' | 'model' | 'checkpoint';
  readonly path: string;
  readonly isThere: boolean;
}

/** Of a run of this recipe; paths as they are written: absolute, `~/…` or `$SCRATCH/…`. */
export function makingsOf(
  recipe: RecipeFile,
  parameters: ParameterValues,
  config: string | null,
): readonly Making[] {
  const fill = (text: string): string =>
    text.replaceAll(/\{([A-Za-z][A-Za-z0-9_-]*)\}/g, (_, name: string) =>
      String(parameters[name] ?? '').replace(/\/+$/, ''),
    );
  const makes = recipe.makes.flatMap(({ path, what, when, tokenizer }): Making[] => {
    if (when !== undefined && parameters[when] !== true) return [];
    const named = tokenizer === undefined ? '' : fill(tokenizer);
    // A path of the login is written down as the shell expands it.
    const known = named === '' || /^[~$]/.test(named) ? null : named;
    return [{ title: recipe.title, what, path: fill(path), tokenizer: known, saved: null }];
  });
  const rule = recipe.resume?.kind === 'checkpoint' ? recipe.resume : null;
  const folder = rule === null ? null : checkpointFolder(rule, { parameters, config });
  if (rule === null || folder === null || !/^[/~$]/.test(folder)) return makes;
  const document = config === null ? null : parseConfig(config);
  const number = (path: string) => (document === null ? null : integerAt(document, path.split('.')));
  const every = number('checkpoints.checkpoint_interval');
  const last = number('tokens.train_steps');
  const saved =
    rule.layout === 'nanotron' && every !== null && last !== null && every > 0 ? { every, last } : null;
  return [...makes, { title: recipe.title, what: 'checkpoints', path: folder, tokenizer: null, saved }];
}

/** Of the folder of a dataset that is not there yet, or empty; null where no earlier run has to do with it. */
export function comingFolder(
  document: ConfigDocument,
  path: string,
  makings: readonly Making[],
): readonly PreflightFinding[] | null {
  const made = makings.find((one) => one.path === path);
  if (made === undefined) {
    const near = makings.find((one) => one.path.startsWith(`${path}/`) || path.startsWith(`${one.path}/`));
    if (near === undefined) return null;
    return [
      say(
        'error',
        `${path} is no folder of the target`,
        `${near.title}, earlier in this chain, writes to ${near.path}`,
      ),
    ];
  }
  if (made.what !== 'tokens')
    return [
      say(
        'error',
        `${path} will hold ${made.what}, not token files`,
        `${made.title}, earlier in this chain, writes it; put a tokenization between`,
      ),
    ];
  const findings: PreflightFinding[] = [];
  const wanted = stringAt(document, ['tokenizer', 'tokenizer_name_or_path']);
  const vocabulary = integerAt(document, ['model', 'model_config', 'vocab_size']);
  const size = made.tokenizer === null ? null : knownVocabularySize(made.tokenizer);
  if (wanted !== null && made.tokenizer !== null && wanted !== made.tokenizer)
    findings.push(
      say(
        'error',
        `${path} will be tokenized with “${made.tokenizer}”, the config names “${wanted}”`,
        'Nanotron compares the two letter by letter and stops; write one of them as the other',
      ),
    );
  if (size !== null && vocabulary !== null && vocabulary > 0 && size !== vocabulary)
    findings.push(
      say(
        'error',
        `${made.tokenizer} has ${formatInteger(size)} tokens, the model ${formatInteger(vocabulary)}`,
        'Nanotron asserts that vocab_size of the model is that of the data',
      ),
    );
  return [
    ...findings,
    say(
      'info',
      `${path} is not there yet: ${made.title}, earlier in this chain, writes it`,
      'How many tokens it will hold is known when that run has ended',
    ),
  ];
}

/** What a run needs that is neither there nor coming, and what comes but is something else. */
export function needFindings(
  needs: readonly Need[],
  makings: readonly Making[],
): readonly PreflightFinding[] {
  return needs.flatMap((need) => (need.isThere ? [] : [needFinding(need, makings)]));
}

function needFinding({ label, what, path }: Need, makings: readonly Making[]): PreflightFinding {
  const parent = path.slice(0, path.lastIndexOf('/'));
  const made = makings.find((one) => one.path === (what === 'checkpoint' ? parent : path));
  if (made === undefined) {
    const near = makings.find((one) => path.startsWith(`${one.path}/`) || one.path.startsWith(`${path}/`));
    return say(
      'error',
      `${label}: ${path} is not there`,
      near === undefined
        ? 'Check the path and who may read it'
        : `${near.title}, earlier in this chain, writes to ${near.path}`,
    );
  }
  if (made.what !== (what === 'checkpoint' ? 'checkpoints' : what))
    return say(
      'error',
      `${label}: ${path} will hold ${made.what}`,
      `${made.title}, earlier in this chain, writes it`,
    );
  const coming = say(
    'info',
    `${label}: ${path} is not there yet`,
    `${made.title}, earlier in this chain, writes it`,
  );
  if (what !== 'checkpoint' || made.saved === null) return coming;
  const { every, last } = made.saved;
  const step = Number(path.slice(parent.length + 1));
  if (Number.isInteger(step) && step > 0 && step <= last && step % every === 0) return coming;
  const newest = Math.floor(last / every) * every;
  return say(
    'error',
    `${label}: ${made.title}, earlier in this chain, does not save ${path.slice(parent.length + 1)}`,
    newest === 0
      ? `It trains ${formatInteger(last)} steps and saves every ${formatInteger(every)}: never`
      : `It saves every ${formatInteger(every)} steps up to ${formatInteger(newest)}; the last is ${made.path}/${newest}`,
  );
}

// How a job of a recipe goes on from a checkpoint: where its checkpoints lie, and what of its config and parameters has to change.
// Knows the recipe's words; which checkpoints there are is found elsewhere (checkpoint-layouts.ts).
import { z } from 'zod';
import { StudioError } from '../../api/errors.ts';
import { parseConfig } from '../config/document.ts';
import { applyEdits, setValue } from '../config/edit.ts';
import { stringAt } from '../config/derived/read-values.ts';
import type { ParameterValue, ParameterValues } from './parameter-values.ts';

export const checkpointLayout = z.enum(['nanotron', 'trainer', 'megatron', 'nanochat']);
export type CheckpointLayout = z.infer<typeof checkpointLayout>;

/** Values may hold `{checkpoint}` and `{folder}` (absolute paths there), `{step}`, and `{name}` (letters, digits and dashes). */
const changes = z.strictObject({
  /** By dotted path of the config. */
  config: z.record(z.string(), z.string()).default({}),
  parameters: z.record(z.string(), z.string()).default({}),
});

const place = z.union([z.strictObject({ config: z.string() }), z.strictObject({ parameter: z.string() })]);

export const resumeRule = z.discriminatedUnion('kind', [
  /** Started once more with the same values, it skips what is done. */
  z.strictObject({ kind: z.literal('again') }),
  z.strictObject({
    kind: z.literal('checkpoint'),
    layout: checkpointLayout,
    /** Who names the folder that holds the checkpoints; relative ones lie in the run's folder. */
    folder: place,
    /** Below that folder; may hold `{parameter}`. */
    below: z.string().default(''),
    /** Makes a job start from one checkpoint. */
    at: changes,
    /** Makes it go on from the newest, after a requeue too. Absent where `at` serves. */
    newest: changes.optional(),
    /** What a fork changes besides, so that it does not write into its parent's folder. */
    fork: changes.optional(),
    /** Who names the last step. */
    steps: place.optional(),
  }),
]);
export type ResumeRule = z.infer<typeof resumeRule>;
export type CheckpointRule = Extract<ResumeRule, { kind: 'checkpoint' }>;

const placeholder = /\{([A-Za-z][A-Za-z0-9_-]*)\}/g;

/** Names of parameters that a rule uses. */
export function parametersOfRule(rule: ResumeRule): readonly string[] {
  if (rule.kind === 'again') return [];
  const places = [rule.folder, ...(rule.steps ? [rule.steps] : [])];
  return [
    ...places.flatMap((one) => ('parameter' in one ? [one.parameter] : [])),
    ...Array.from(rule.below.matchAll(placeholder), ([, name = '']) => name),
    ...[rule.at, rule.newest, rule.fork].flatMap((one) => Object.keys(one?.parameters ?? {})),
  ];
}

export interface LaunchedWith {
  readonly parameters: ParameterValues;
  readonly config: string | null;
}

/** As it was written: absolute, `~/…`, or relative to the run's folder. Null where it is not said. */
export function checkpointFolder(rule: CheckpointRule, { parameters, config }: LaunchedWith): string | null {
  const said =
    'parameter' in rule.folder
      ? String(parameters[rule.folder.parameter] ?? '')
      : config === null
        ? ''
        : (stringAt(parseConfig(config), rule.folder.config.split('.')) ?? '');
  const folder = said.trim().replace(/\/+$/, '');
  if (folder === '') return null;
  const below = rule.below.replaceAll(placeholder, (_, name: string) => String(parameters[name] ?? ''));
  return below === '' ? folder : `${folder}/${below}`;
}

export interface Continuation {
  readonly how: 'newest' | 'at' | 'fork';
  /** Absolute, on the target. */
  readonly folder: string;
  readonly checkpoint: string;
  readonly step: number | null;
  /** Of a fork. */
  readonly name: string;
  /** A new last step. */
  readonly steps: number | null;
}

export interface ConfigChange {
  readonly path: string;
  readonly value: ParameterValue;
}

/** What the launch looks like then. Throws INVALID_INPUT where the config cannot be changed, or the recipe names no last step. */
export function continued(
  rule: CheckpointRule,
  launched: LaunchedWith,
  going: Continuation,
): LaunchedWith & { readonly changed: readonly ConfigChange[] } {
  const fill = (text: string): string =>
    text.replaceAll(/\{(checkpoint|folder|step|name)\}/g, (_, word: string) =>
      word === 'step' ? String(going.step ?? '') : String(going[word as 'checkpoint' | 'folder' | 'name']),
    );
  const sets = [going.how === 'newest' ? (rule.newest ?? rule.at) : rule.at];
  const own = checkpointFolder(rule, launched);
  // A relative folder lies in the new run's own one anyhow, and another name is somebody's decision.
  const sharesFolder =
    own !== null && /^[/~$]/.test(own) && going.folder.endsWith(own.replace(/^(?:~|\$\{?\w+\}?)/, ''));
  if (going.how === 'fork' && rule.fork && sharesFolder) sets.push(rule.fork);
  const parameters: Record<string, ParameterValue> = { ...launched.parameters };
  const wanted: ConfigChange[] = [];
  for (const set of sets) {
    for (const [name, text] of Object.entries(set.parameters)) parameters[name] = fill(text);
    for (const [path, text] of Object.entries(set.config)) wanted.push({ path, value: fill(text) });
  }
  if (going.steps !== null) {
    if (rule.steps === undefined) {
      throw new StudioError('INVALID_INPUT', 'This recipe does not say where its last step is written', {
        hint: 'Change the number of steps in the config, and fork the run',
      });
    }
    if ('parameter' in rule.steps) parameters[rule.steps.parameter] = String(going.steps);
    else wanted.push({ path: rule.steps.config, value: going.steps });
  }
  const { text, changed } = changedConfig(launched.config, wanted);
  return { parameters, config: text, changed };
}

function changedConfig(
  config: string | null,
  wanted: readonly ConfigChange[],
): { readonly text: string | null; readonly changed: readonly ConfigChange[] } {
  if (wanted.length === 0) return { text: config, changed: [] };
  if (config === null) {
    throw new StudioError(
      'INVALID_INPUT',
      'The run was launched without a config, which would have to change',
      {
        hint: 'Launch a new run and name its config',
      },
    );
  }
  let text = config;
  const changed: ConfigChange[] = [];
  for (const { path, value } of wanted) {
    const result = setValue(text, path.split('.'), value);
    if ('error' in result) {
      throw new StudioError('INVALID_INPUT', `${path} of the config cannot be set: ${result.error}`, {
        hint: 'Mend the config first, and fork the run with it',
      });
    }
    const after = applyEdits(text, result.edits);
    if (after !== text) changed.push({ path, value });
    text = after;
  }
  return { text, changed };
}

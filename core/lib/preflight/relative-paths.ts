// Paths of a trainer's config that lead nowhere on a target: a run starts in a folder of its own, which holds its config alone. Knows
// the keys of TRL, Axolotl and LLaMA-Factory; Nanotron's data folders are looked at by themselves.
import type { PreflightFinding } from '../../api/launches.ts';
import type { ConfigDocument, ConfigNode } from '../config/types.ts';
import { findingsOf } from './finding.ts';

const say = findingsOf('data');

/** Names on the Hub or paths. */
const namesOrPaths: ReadonlySet<string> = new Set([
  'model_name_or_path',
  'base_model',
  'tokenizer_name_or_path',
  'tokenizer_config',
  'adapter_name_or_path',
  'ref_model',
  'reward_model',
  'dataset_name',
  'dataset',
  'eval_dataset',
  'path',
]);
/** Never names on the Hub. */
const paths: ReadonlySet<string> = new Set([
  'data_files',
  'data_dir',
  'dataset_dir',
  'media_dir',
  'train_file',
  'dataset_prepared_path',
  'resume_from_checkpoint',
  'deepspeed',
  'chat_template_path',
]);
/** A person on the Hub is called something else. */
const folders = /^(?:data|datasets?|models?|outputs?|checkpoints|prepared|configs)\//;
const file = /\.(?:jsonl?|parquet|arrow|csv|tsv|txt|ya?ml|jinja|py|zst|gz)$/i;
const MAX_FINDINGS = 12;

/** `place`: the target's name. */
export function relativePathFindings(document: ConfigDocument, place: string): readonly PreflightFinding[] {
  const findings: PreflightFinding[] = [];
  const visit = (key: string, node: ConfigNode, depth: number): void => {
    if (depth > 6 || findings.length >= MAX_FINDINGS) return;
    if (node.kind === 'map') for (const one of node.entries) visit(one.key, one.value, depth + 1);
    else if (node.kind === 'list') for (const item of node.items) visit(key, item, depth + 1);
    else if (node.type === 'str' && leadsNowhere(key, String(node.value)))
      findings.push(finding(key, String(node.value), place));
  };
  if (document.root !== null) visit('', document.root, 0);
  return findings;
}

function finding(key: string, value: string, place: string): PreflightFinding {
  const name = namesOrPaths.has(key) ? ', or a name on the Hub' : '';
  if (/^[~$]/.test(value))
    return say(
      'warning',
      `${key}: ${value} is taken as it is written`,
      `~ and variables are not expanded here: write the whole path${name}`,
    );
  return say(
    'warning',
    `${key}: ${value} is a relative path`,
    `The run starts in a new folder of its own on ${place}: write the whole path there${name}`,
  );
}

function leadsNowhere(key: string, value: string): boolean {
  if (value === '' || /^(?:\/|[a-z][a-z0-9+.-]*:\/\/)/i.test(value)) return false;
  // None of the tools expands these in every key.
  if (/^[~$]/.test(value)) return namesOrPaths.has(key) || paths.has(key);
  if (paths.has(key)) return !['true', 'false', 'null', 'auto'].includes(value.toLowerCase());
  if (!namesOrPaths.has(key)) return false;
  return (
    /^\.{1,2}(?:\/|$)/.test(value) || folders.test(value) || file.test(value) || value.split('/').length > 2
  );
}

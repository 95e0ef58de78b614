// `nesso config check`: findings and derived numbers of one config file, and its quick fixes with `--fix`.
import { basename, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { checkConfig, type CheckOptions, type CheckResult } from '../../core/lib/config/check.ts';
import { applyAllFixes } from '../../core/lib/config/fix-all.ts';
import { printKeyPath } from '../../core/lib/config/lookup.ts';
import { formatCount, formatInteger, formatMemorySize } from '../../core/lib/format/numbers.ts';
import { MAX_CONFIG_BYTES } from '../../core/services/configs/config-files.ts';
import { readTextFile } from '../../core/services/files/read-text.ts';
import { writeFileAtomic } from '../../core/services/files/write-atomic.ts';
import type { CommandContext } from '../command.ts';

interface CheckFlags {
  readonly gpus?: number;
  readonly nodes?: number;
  readonly gpusPerNode?: number;
  readonly gpu?: string;
  readonly mfu?: number;
  readonly walltime?: number;
  readonly fix?: boolean;
}

export function registerConfigCheck(config: Command, context: CommandContext): void {
  config
    .command('check')
    .description('explain what is wrong at its line, and what the config means in numbers')
    .argument('<file>')
    .option('--gpus <number>', 'GPUs of the whole job', positiveNumber)
    .option('--nodes <number>', 'nodes of the job', positiveNumber)
    .option('--gpus-per-node <number>', 'GPUs of one node', positiveNumber)
    .option('--gpu <type>', 'GPU type, such as A100-80GB')
    .option('--mfu <percent>', 'model FLOPs utilisation to estimate time with, in percent', positiveNumber)
    .option('--walltime <hours>', 'time limit of one job in hours', positiveNumber)
    .option('--fix', 'apply every quick fix to the file first')
    .action(
      context.action(async (file: string, flags: CheckFlags) => {
        const path = resolve(file);
        const options = checkOptions(flags);
        const { text } = await readTextFile(path, MAX_CONFIG_BYTES);
        const fixed = flags.fix ? applyAllFixes(text, options) : null;
        if (fixed && fixed.text !== text) await writeFileAtomic(path, fixed.text);
        const result = checkConfig(fixed?.text ?? text, options);
        context.print(documentOf(result, fixed?.applied.length), () => textOf(basename(path), result));
        return result.findings.some(({ severity }) => severity !== 'info') ? 1 : 0;
      }),
    );
}

function checkOptions(flags: CheckFlags): CheckOptions {
  return {
    ...(flags.gpus === undefined ? {} : { gpus: flags.gpus }),
    ...(flags.nodes === undefined ? {} : { nodes: flags.nodes }),
    ...(flags.gpusPerNode === undefined ? {} : { gpusPerNode: flags.gpusPerNode }),
    ...(flags.gpu === undefined ? {} : { gpu: flags.gpu }),
    ...(flags.mfu === undefined ? {} : { modelFlopsUtilization: flags.mfu / 100 }),
    ...(flags.walltime === undefined ? {} : { walltimeHours: flags.walltime }),
  };
}

function documentOf(result: CheckResult, appliedFixes: number | undefined) {
  return {
    kind: result.kind,
    findings: result.findings.map((finding) => ({ ...finding, path: printKeyPath(finding.path) })),
    derived: result.derived,
    ...(appliedFixes === undefined ? {} : { appliedFixes }),
  };
}

function textOf(name: string, { kind, findings, derived }: CheckResult): string {
  const lines = findings.map((finding) => {
    const fix = finding.fix ? `\n      fix: ${finding.fix.title}` : '';
    return `${name}:${finding.line}:${finding.column} ${finding.severity} ${finding.message} (${finding.code})${fix}`;
  });
  const count = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  const numbers = [
    ['parameters', derived?.parameters, formatInteger],
    ['tokens per step', derived?.tokensPerStep, formatInteger],
    ['total tokens', derived?.totalTokens, formatCount],
    ['FLOPs per token (Nanotron)', derived?.flopsPerToken, (value: number) => value.toExponential(6)],
    ['memory per GPU', derived?.memoryPerGpuBytes?.total, formatMemorySize],
  ] as const;
  return [
    ...lines,
    ...(lines.length > 0 ? [''] : []),
    `${kind}: ${count('error')} errors, ${count('warning')} warnings, ${count('info')} remarks`,
    ...numbers.flatMap(([label, value, format]) =>
      value === null || value === undefined ? [] : [`  ${label.padEnd(28)}${format(value)}`],
    ),
  ].join('\n');
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('Must be a number above zero.');
  return value;
}

// `nesso target`: the computers that runs are sent to. Questions of ssh are asked on this terminal.
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import type { StudioClient } from '../../core/api/contract.ts';
import type { ClusterBoard, SiteProfile, SshQuestion } from '../../core/api/targets.ts';
import { formatDiskSize } from '../../core/lib/format/numbers.ts';
import { slurmTime } from '../../core/lib/slurm/durations.ts';
import type { CommandContext } from '../command.ts';
import { inWorkspace, type WorkspaceOption, withWorkspaceOption } from '../in-workspace.ts';
import { table } from '../table.ts';
import { terminalText } from '../terminal-text.ts';
import { registerTargetAdd } from './target-add.ts';

export function registerTarget(program: Command, context: CommandContext): void {
  const target = program.command('target').description('computers that runs are sent to');
  withWorkspaceOption(target.command('list').description('targets of studio.yaml')).action(
    context.action((options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const targets = await client.targets.list(undefined, { signal: context.signal });
        context.print({ targets }, () =>
          table(
            ['Name', 'Kind', 'Host', 'Folder'],
            targets.map(({ name, kind, host, folder }) => [name, kind, host ?? '', folder ?? '']),
          ),
        );
        return 0;
      }),
    ),
  );
  withWorkspaceOption(
    target.command('probe <name>').description('log in and find out what the site offers'),
  ).action(
    context.action((name: string, options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        await withQuestions(client, () => client.targets.connect({ name }, { signal: context.signal }));
        const profile = await client.targets.probe({ name }, { signal: context.signal });
        context.print(profile, () => profileText(profile));
        return profile.folderProblem === null ? 0 : 1;
      }),
    ),
  );
  registerBoard(target, context);
  registerTargetAdd(target, context);
}

function registerBoard(target: Command, context: CommandContext): void {
  withWorkspaceOption(
    target.command('board <name>').description('free nodes and GPUs of a cluster, and its queue'),
  ).action(
    context.action((name: string, options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        await withQuestions(client, () => client.targets.connect({ name }, { signal: context.signal }));
        const board = await client.targets.board({ name }, { signal: context.signal });
        context.print(board, () => boardText(board));
        return board.problem === null ? 0 : 1;
      }),
    ),
  );
}

/** Answers what ssh asks while `work` goes on, from the terminal; without one every question is refused. */
export async function withQuestions(client: StudioClient, work: () => Promise<unknown>): Promise<void> {
  const done = new AbortController();
  const asked = new Set<string>();
  const answering = (async () => {
    const events = await client.targets.watch(undefined, { signal: done.signal });
    for await (const { questions } of events) {
      for (const question of questions) {
        if (asked.has(question.id)) continue;
        asked.add(question.id);
        const text = await askOnTerminal(question, done.signal);
        await client.targets.answer({ id: question.id, text }).catch(() => undefined);
      }
    }
  })();
  // Ends with the work; what fails there is told by the work itself.
  answering.catch(() => undefined);
  try {
    await work();
  } finally {
    done.abort();
  }
}

async function askOnTerminal(question: SshQuestion, signal: AbortSignal): Promise<string | null> {
  if (!process.stdin.isTTY) return null;
  if (question.kind === 'wait') {
    process.stderr.write(`${terminalText(question.text)}\n`);
    return null;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr, terminal: true });
  try {
    // A secret is typed unseen: what readline would print is kept back.
    if (question.kind === 'secret') {
      process.stderr.write(`${terminalText(question.text)} `);
      Reflect.set(terminal, '_writeToOutput', () => undefined);
      const text = await terminal.question('', { signal });
      process.stderr.write('\n');
      return text;
    }
    return await terminal.question(`${terminalText(question.text)} `, { signal });
  } catch {
    return null;
  } finally {
    terminal.close();
  }
}

function profileText(profile: SiteProfile): string {
  const { slurm } = profile;
  const memory = (megabytes: number | null): string =>
    megabytes === null ? '' : `${Math.round(megabytes / 1024)} GiB`;
  return [
    `${profile.user}@${profile.host} · ${profile.system} · login shell ${profile.loginShell}`,
    slurm === null
      ? 'No Slurm here: runs are plain processes'
      : `Slurm ${slurm.version}, cluster ${slurm.cluster ?? '?'}, accounting ${slurm.hasAccounting ? 'on' : 'off'}`,
    ...(slurm === null
      ? []
      : [
          table(
            ['Partition', 'State', 'Limit', 'Nodes', 'Cores', 'Memory', 'GPUs of a node'],
            slurm.partitions.map((partition) => [
              `${partition.name}${partition.isDefault ? ' (default)' : ''}`,
              partition.state,
              partition.maxSeconds === null ? 'none' : slurmTime(partition.maxSeconds),
              String(partition.nodes),
              String(partition.cpusPerNode ?? ''),
              memory(partition.memoryPerNodeMb),
              Object.entries(partition.gpusPerNode)
                .map(([type, count]) => (type === 'gpu' ? String(count) : `${count} × ${type}`))
                .join(', '),
            ]),
          ),
        ]),
    ...profile.quotas.map(
      ({ path, freeBytes, totalBytes }) =>
        `${path}: ${formatDiskSize(freeBytes ?? 0)} free of ${formatDiskSize(totalBytes ?? 0)}`,
    ),
    ...Object.entries(profile.programs).map(([name, version]) => `${name}: ${version}`),
    ...(profile.folderProblem === null
      ? []
      : [`The folder for runs cannot be used: ${profile.folderProblem}`]),
    ...profile.warnings,
  ].join('\n');
}

function boardText({ partitions, jobs, jobCount, problem }: ClusterBoard): string {
  return [
    ...(problem === null ? [] : [`The scheduler does not answer: ${problem}`]),
    table(
      ['Partition', 'Free GPUs', 'Idle nodes', 'Free cores', 'Running', 'Waiting'],
      partitions.map(({ name, gpus, nodes, cpus, running, waiting }) => [
        name,
        gpus
          .map(({ type, free, total }) => `${free} of ${total}${type === 'gpu' ? '' : ` ${type}`}`)
          .join(', '),
        `${nodes.idle} of ${nodes.total}`,
        `${cpus.free} of ${cpus.total}`,
        String(running),
        String(waiting),
      ]),
    ),
    jobs.length < jobCount ? `The first ${jobs.length} of ${jobCount} jobs` : `${jobCount} jobs`,
    ...(jobs.length === 0 ? [] : [jobTable(jobs)]),
  ].join('\n');
}

function jobTable(jobs: ClusterBoard['jobs']): string {
  const time = (seconds: number | null): string => (seconds === null ? '' : slurmTime(seconds));
  return table(
    ['Job', 'Name', 'User', 'State', 'Reason', 'Partition', 'GPUs', 'Elapsed', 'Limit', 'Start'],
    jobs.map((job) => [
      job.id,
      job.name,
      job.isMine ? `${job.user} (me)` : job.user,
      job.state,
      job.reason,
      job.partition,
      String(job.gpus),
      time(job.elapsedSeconds),
      time(job.limitSeconds),
      job.startMs === null ? '' : new Date(job.startMs).toISOString(),
    ]),
  );
}

// `nesso doctor`: is everything there that the studio needs?
import type { Command } from 'commander';
import { formatDiskSize, formatMemorySize } from '../../core/lib/format/numbers.ts';
import type { CommandContext } from '../command.ts';
import { table } from '../table.ts';

export function registerDoctor(program: Command, context: CommandContext): void {
  program
    .command('doctor')
    .description('report versions, native runtimes, OpenSSH, free disk and memory')
    .action(
      context.action(async () => {
        await using open = await context.openCore();
        const report = await open.client.system.doctor(undefined, { signal: context.signal });
        const checks = [...report.runtimes, ...report.tools];
        context.print(report, () =>
          [
            `Nesso Studio ${report.studio} · Node ${report.node} · ${report.platform} ${report.architecture} · ${report.cpuCount} cores`,
            `Memory ${formatMemorySize(report.memoryBytes.free)} free of ${formatMemorySize(report.memoryBytes.total)} · disk ${formatDiskSize(report.diskBytes.free)} free of ${formatDiskSize(report.diskBytes.total)}`,
            '',
            table(
              ['Part', 'Status', 'Value', 'Next step'],
              checks.map((check) => [check.name, check.status, check.value, check.hint ?? '']),
            ),
          ].join('\n'),
        );
        return report.runtimes.some((check) => check.status === 'missing') ? 1 : 0;
      }),
    );
}

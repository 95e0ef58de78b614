// `nesso log`: the curves of a training log.
import type { Command } from 'commander';
import type { CommandContext } from '../command.ts';

export function registerLog(program: Command, _context: CommandContext): void {
  program.command('log').description('read training logs');
}

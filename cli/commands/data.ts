// Placeholder until `nesso data` is written.
import type { Command } from 'commander';
import type { CommandContext } from '../command.ts';

export function registerData(_program: Command, _context: CommandContext): void {}

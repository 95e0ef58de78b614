// `nesso`: every service of the studio without a window. Registers the commands and turns usage mistakes
// into exit code 2.
import { Command, CommanderError } from 'commander';
import { StudioError } from '../core/api/errors.ts';
import { findAppFolder, readVersion } from '../core/services/host/app-folder.ts';
import { type CommandHost, createCommandContext, type ExitCode, printError } from './command.ts';
import { registerAnnotate } from './commands/annotate.ts';
import { registerChat } from './commands/chat.ts';
import { registerCheckpoint } from './commands/checkpoint.ts';
import { registerConfig } from './commands/config.ts';
import { registerConversation } from './commands/conversation.ts';
import { registerData } from './commands/data.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerJudge } from './commands/judge.ts';
import { registerEmbedder } from './commands/embedder.ts';
import { registerEval } from './commands/eval.ts';
import { registerLog } from './commands/log.ts';
import { registerQuality } from './commands/quality.ts';
import { registerRun } from './commands/run.ts';
import { registerServe } from './commands/serve.ts';
import { registerServeModel } from './commands/serve-model.ts';
import { registerSettings } from './commands/settings.ts';
import { registerSuite } from './commands/suite.ts';
import { registerTarget } from './commands/target.ts';
import { registerReport } from './commands/report.ts';
import { registerReplay } from './commands/replay.ts';
import { registerVote } from './commands/vote.ts';
import { registerWorkspace } from './commands/workspace.ts';

async function main(argv: readonly string[]): Promise<ExitCode> {
  const appFolder = findAppFolder(import.meta.dirname);
  const version = readVersion(appFolder);
  const abort = new AbortController();
  let code: ExitCode = 0;
  const host: CommandHost = {
    // Also right when the arguments were not understood and nothing was parsed.
    json: () => argv.includes('--json'),
    signal: abort.signal,
    appFolder,
    version,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    exit: (next) => {
      code = next;
    },
  };
  endOnSignal(host, abort);
  const program = new Command('nesso')
    .description('Nesso Studio without a window: build small language models from scratch')
    .version(version)
    .option('--json', 'print one JSON document instead of text')
    .exitOverride();
  // With --json the one document must be alone, so the library's own texts go nowhere.
  program.configureOutput({
    outputError: (text, write) => (host.json() ? undefined : write(text)),
    writeErr: (text) => (host.json() ? undefined : host.err(text)),
  });
  const context = createCommandContext(host);
  for (const register of [
    registerConfig,
    registerData,
    registerQuality,
    registerEmbedder,
    registerEval,
    registerAnnotate,
    registerJudge,
    registerRun,
    registerCheckpoint,
    registerLog,
    registerChat,
    registerConversation,
    registerReplay,
    registerReport,
    registerVote,
    registerSuite,
    registerTarget,
    registerWorkspace,
    registerServe,
    registerServeModel,
    registerSettings,
    registerDoctor,
  ]) {
    register(program, context);
  }
  inheritSettings(program);
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    if (host.json()) {
      printError(
        host,
        new StudioError('INVALID_INPUT', usageMessage(error), { hint: 'Add --help for usage' }),
      );
    }
    return 2;
  }
  return code;
}

/** Work that hears the signal ends by itself; what does not is left behind. A second signal ends at once. */
const SIGNAL_GRACE_MS = 3000;

function endOnSignal(host: CommandHost, abort: AbortController): void {
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      abort.abort();
      setTimeout(() => {
        const hint = 'Start it again if it is still wanted';
        printError(host, new StudioError('CANCELLED', 'Cancelled', { hint }));
        process.exit(1);
      }, SIGNAL_GRACE_MS).unref();
    });
  }
}

/** The library's own words as one sentence. */
function usageMessage(error: CommanderError): string {
  if (error.code === 'commander.help') return 'A command is missing';
  const text = error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** Commands made before `configureOutput` and `exitOverride` reached them get the same behaviour. */
function inheritSettings(parent: Command): void {
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent);
    inheritSettings(command);
  }
}

// A reader that stops early (`nesso … | head`) is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
const exitCode = await main(process.argv.slice(2));
process.stdout.write('', () => process.exit(exitCode));

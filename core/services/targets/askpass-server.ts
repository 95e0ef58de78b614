// The studio's end of ssh's questions: a private socket on which the askpass program asks, and the question as a promise.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { goesToTheHost } from '../../lib/remote/login-questions.ts';
import { quoteWord } from '../../lib/remote/quote.ts';
import { NOBODY_ANSWERS } from '../../lib/remote/ssh-failure.ts';
import { socketFolder } from './socket-folder.ts';

/** Host keys, certificates and a site's own words fit; more is no question. */
const MAX_QUESTION_CHARACTERS = 16_384;

export interface AskpassQuestion {
  readonly question: string;
  readonly kind: 'answer' | 'confirm' | 'none';
  /** Aborts when ssh no longer waits. */
  readonly signal: AbortSignal;
}

export interface AskpassServer {
  /** For the environment of ssh. */
  readonly environment: Readonly<Record<string, string>>;
  [Symbol.asyncDispose](): Promise<void>;
}

const asked = z.object({
  question: z.string().max(MAX_QUESTION_CHARACTERS),
  kind: z.enum(['answer', 'confirm', 'none']),
});

/** `answer` gives the text, or null to refuse. The socket lies in a folder that only this user can enter. */
export async function startAskpassServer(
  appFolder: string,
  answer: (question: AskpassQuestion) => Promise<string | null>,
): Promise<AskpassServer> {
  const folder = await mkdtemp(join((await socketFolder()) ?? tmpdir(), 'ask-'));
  const socketPath =
    process.platform === 'win32' ? `\\\\.\\pipe\\nesso-ask-${folder.slice(-12)}` : join(folder, 'socket');
  const server = createServer((socket) => void serve(socket, answer));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  const program = await writeProgram(folder, appFolder);
  return {
    environment: {
      SSH_ASKPASS: program,
      SSH_ASKPASS_REQUIRE: 'force',
      // OpenSSH before 8.4 asks a program only where there is a display.
      DISPLAY: process.env['DISPLAY'] ?? ':0',
      NESSO_ASKPASS_SOCKET: socketPath,
      ELECTRON_RUN_AS_NODE: '1',
    },
    async [Symbol.asyncDispose]() {
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * For ssh while nobody is there: whoever asks is ended before it can send an empty answer. BatchMode alone does not reach the hosts
 * of a ProxyJump, which are logged in to by clients of their own.
 */
export async function startUnattendedAskpass(): Promise<AskpassServer> {
  const folder = await mkdtemp(join(tmpdir(), 'nesso-ask-'));
  const program = join(folder, 'askpass');
  await writeFile(
    program,
    `#!/bin/sh\nprintf '%s: %s\\n' ${quoteWord(NOBODY_ANSWERS)} "$1" >&2\nkill "$PPID"\nexit 1\n`,
  );
  await chmod(program, 0o700);
  return {
    environment: {
      SSH_ASKPASS: program,
      SSH_ASKPASS_REQUIRE: 'force',
      DISPLAY: process.env['DISPLAY'] ?? ':0',
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** ssh wants one executable without arguments. */
async function writeProgram(folder: string, appFolder: string): Promise<string> {
  const script = join(appFolder, 'out', 'main', 'native-askpass.js');
  if (process.platform === 'win32') {
    const path = join(folder, 'askpass.cmd');
    await writeFile(path, `@"${process.execPath}" "${script}" %*\r\n`);
    return path;
  }
  const path = join(folder, 'askpass');
  await writeFile(path, `#!/bin/sh\nexec ${quoteWord(process.execPath)} ${quoteWord(script)} "$@"\n`);
  await chmod(path, 0o700);
  return path;
}

async function serve(
  socket: Socket,
  answer: (question: AskpassQuestion) => Promise<string | null>,
): Promise<void> {
  const gone = new AbortController();
  socket.once('close', () => gone.abort());
  socket.on('error', () => socket.destroy());
  try {
    for await (const line of createInterface({ input: socket })) {
      const question = asked.parse(JSON.parse(line));
      const text = await answer({ ...question, signal: gone.signal });
      // False: the asking program is to be ended, for without an answer it would send an empty one.
      const endsAsker = question.kind === 'answer' && goesToTheHost(question.question);
      socket.end(JSON.stringify(text ?? (endsAsker ? false : null)));
      return;
    }
  } catch {
    // Not our program, or ssh gave up: there is nobody to answer.
    socket.destroy();
  }
}

// One login: from a started ssh to the shell that answers over it, or to why there is none.
import type { ChildProcess } from 'node:child_process';
import { StudioError } from '../../api/errors.ts';
import type { AnsweredQuestion } from '../../lib/remote/login-questions.ts';
import { explainSshFailure, type SshFailure } from '../../lib/remote/ssh-failure.ts';
import { openRemoteShell, type RemoteShell } from './remote-shell.ts';

/** A person who answers a code from a phone is given this long by most servers (LoginGraceTime is 120 s). */
const READY_TIMEOUT_MS = 150_000;
const MAX_PRINTED = 16_384;

export interface Attempt {
  readonly child: ChildProcess;
  readonly shell: RemoteShell;
}

/** What has happened in one login so far. */
export interface Login {
  printed: string;
  readonly answered: AnsweredQuestion[];
  /** Why a question got no answer. */
  refused: SshFailure | null;
  /** Made by itself, so that ssh did not even try what a person would have to answer. */
  readonly isUnattended: boolean;
}

/** Throws UNAVAILABLE, PERMISSION_DENIED (a person has to do something), NOT_FOUND (no ssh here). */
export async function whenReady(child: ChildProcess, nonce: string, login: Login): Promise<Attempt> {
  child.stderr?.on('data', (chunk: Buffer) => {
    if (login.printed.length < MAX_PRINTED) login.printed += chunk.toString('utf8');
  });
  return new Promise<Attempt>((resolve, reject) => {
    const fail = (error: StudioError): void => {
      clearTimeout(timer);
      child.kill();
      reject(error);
    };
    const timer = setTimeout(
      () =>
        fail(
          new StudioError('UNAVAILABLE', 'The login took too long', {
            hint: 'Connect again',
            detail: login.printed,
          }),
        ),
      READY_TIMEOUT_MS,
    );
    child.once('error', () =>
      fail(
        new StudioError('NOT_FOUND', 'There is no ssh program on this computer', {
          hint: 'Install the OpenSSH client',
        }),
      ),
    );
    child.once('close', () => {
      const { message, hint, needsPerson } =
        login.refused ?? explainSshFailure(login.printed, login.isUnattended);
      fail(
        new StudioError(needsPerson ? 'PERMISSION_DENIED' : 'UNAVAILABLE', message, {
          hint,
          detail: login.printed.trim(),
        }),
      );
    });
    openRemoteShell(child, nonce, {
      onReady(shell) {
        clearTimeout(timer);
        resolve({ child, shell });
      },
      onGarbled: () => child.kill(),
    });
  });
}

// One connection to a real sshd: framed scripts, questions of ssh, lost links.
import { randomBytes } from 'node:crypto';
import { ensureBuilt } from '../../../scripts/ensure-built.mjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConnectionState } from '../../../core/api/targets.ts';
import { quoteWord } from '../../../core/lib/remote/quote.ts';
import { type Connection, createConnection } from '../../../core/services/targets/connection.ts';
import { noSshServer, startSshServer, type SshServer } from '../../support/ssh-server.ts';
import { repositoryFolder, waitFor } from '../../support/test-core.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe.skipIf(noSshServer !== null)(
  `a connection over ssh${noSshServer === null ? '' : ` (${noSshServer})`}`,
  () => {
    let server: SshServer;
    const open: Connection[] = [];
    const asked: string[] = [];
    const states: ConnectionState[] = [];

    const connectionTo = (host: string, answers: readonly (string | null)[] = []): Connection => {
      const left = [...answers];
      const connection = createConnection({
        destination: { host },
        appFolder: repositoryFolder,
        configFile: server.configFile,
        ask: async ({ question }) => {
          asked.push(question);
          return left.shift() ?? null;
        },
        onState: (state) => states.push(state),
      });
      open.push(connection);
      return connection;
    };

    beforeAll(async () => {
      ensureBuilt();
      server = await startSshServer({
        shellStart: 'echo "Welcome to the cluster"; echo "Maintenance on Friday" >&2',
      });
    });
    afterAll(async () => {
      for (const connection of open) await connection.disconnect();
      await server[Symbol.asyncDispose]();
    });

    it('runs scripts, gives both outputs and every exit code, whatever start-up files print', async () => {
      const connection = connectionTo('cluster');
      await connection.connect({ interactive: false });
      const first = await connection.run({ script: 'echo out; echo err >&2; exit 255' });
      expect(first.exitCode).toBe(255);
      expect(text(first.stdout)).toBe('out\n');
      expect(first.stderr).toBe('err');
      const signalled = await connection.run({ script: 'kill -9 $(exec sh -c "echo \\$PPID")' });
      expect(signalled.exitCode).toBe(137);
      expect(text((await connection.run({ script: 'printf "still here"' })).stdout)).toBe('still here');
      expect(connection.state.kind).toBe('connected');
    });

    it('carries any bytes both ways, in order, many at once', async () => {
      const connection = connectionTo('cluster');
      await connection.connect({ interactive: false });
      const bytes = randomBytes(300_000);
      const path = quoteWord(`${server.home}/a b'c$(x).bin`);
      const written = await connection.run({
        script: `head -c ${bytes.length} <&3 > ${path} && wc -c < ${path}`,
        input: bytes,
      });
      expect(text(written.stdout).trim()).toBe(String(bytes.length));
      const read = await connection.run({ script: `cat ${path}` });
      expect(Buffer.from(read.stdout).equals(bytes)).toBe(true);
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, index) => connection.run({ script: `echo ${index}` })),
      );
      expect(answers.map(({ stdout }) => text(stdout).trim())).toEqual(
        Array.from({ length: 100 }, (_, index) => String(index)),
      );
    });

    it('tells a caller that no answer came in time, and goes on with the next when it did', async () => {
      const connection = connectionTo('cluster');
      await connection.connect({ interactive: false });
      await expect(connection.run({ script: 'sleep 1; echo late', timeoutMs: 100 })).rejects.toMatchObject({
        code: 'UNAVAILABLE',
      });
      expect(text((await connection.run({ script: 'echo next' })).stdout)).toBe('next\n');
      const abort = new AbortController();
      const cancelled = connection.run({ script: 'sleep 0.3', signal: abort.signal });
      abort.abort();
      await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    });

    it('shows the host-key question to a person and remembers the answer', async () => {
      asked.length = 0;
      const connection = connectionTo('unknown', ['yes']);
      await connection.connect({ interactive: true });
      expect(asked).toHaveLength(1);
      expect(asked[0]).toMatch(/fingerprint is SHA256:.*\(yes\/no/s);
      expect((await connection.run({ script: 'true' })).exitCode).toBe(0);
    });

    it('asks for a passphrase once, and refuses plainly when nobody answers', async () => {
      asked.length = 0;
      await connectionTo('locked', ['open sesame']).connect({ interactive: true });
      expect(asked).toEqual([expect.stringMatching(/Enter passphrase for key/)]);
      asked.length = 0;
      await expect(connectionTo('locked').connect({ interactive: true })).rejects.toMatchObject({
        code: 'PERMISSION_DENIED',
      });
      expect(asked).toHaveLength(1);
    });

    it('never asks by itself', async () => {
      asked.length = 0;
      await expect(
        connectionTo('locked', ['open sesame']).connect({ interactive: false }),
      ).rejects.toMatchObject({
        code: 'PERMISSION_DENIED',
      });
      expect(asked).toEqual([]);
    });

    it.each([
      ['refused', 'PERMISSION_DENIED', 'The host did not accept the login'],
      ['no-such-host.invalid', 'UNAVAILABLE', 'There is no host of that name'],
    ])('says why %s cannot be reached', async (host, code, message) => {
      await expect(connectionTo(host).connect({ interactive: true })).rejects.toMatchObject({
        code,
        message,
      });
    });

    it('is made again by itself after the server was killed; what waited is told so', async () => {
      const connection = connectionTo('cluster');
      await connection.connect({ interactive: false });
      const waiting = connection.run({ script: 'sleep 30' });
      waiting.catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 200));
      server.kill();
      await expect(waiting).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      await waitFor(() => connection.state.kind === 'lost');
      await expect(connection.run({ script: 'true' })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      await server.start();
      await waitFor(() => connection.state.kind === 'connected', 150_000);
      expect(text((await connection.run({ script: 'echo back' })).stdout)).toBe('back\n');
    });
  },
);

// Submission to a real Slurm: once, whatever breaks; hostile names; how jobs end where there is no accounting.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quoteWord } from '../../../core/lib/remote/quote.ts';
import type { BatchJob } from '../../../core/lib/slurm/batch-script.ts';
import { parseQueue, type QueuedJob, queueScript } from '../../../core/lib/slurm/queue.ts';
import { submitJob } from '../../../core/services/runs/remote/submit-job.ts';
import { type Connection, createConnection } from '../../../core/services/targets/connection.ts';
import { noCluster, type SlurmCluster, startSlurmCluster } from '../../support/slurm-cluster.ts';
import { tellClusterOnFailure } from '../../support/tell-cluster.ts';
import { repositoryFolder, waitFor } from '../../support/test-core.ts';

describe.skipIf(noCluster !== null)(`jobs on Slurm${noCluster === null ? '' : ` (${noCluster})`}`, () => {
  let cluster: SlurmCluster;
  let connection: Connection;
  const connect = async (): Promise<Connection> => {
    const made = createConnection({
      destination: { host: 'cluster' },
      appFolder: repositoryFolder,
      configFile: cluster.configFile,
      ask: async () => null,
      onState: () => undefined,
    });
    await made.connect({ interactive: false });
    return made;
  };
  const jobOf = (command: readonly string[], change: Partial<BatchJob> = {}): BatchJob => ({
    name: 'test',
    token: randomBytes(6).toString('hex'),
    command,
    resources: {
      partition: null,
      account: null,
      qos: null,
      nodes: 1,
      tasksPerNode: 1,
      gpusPerNode: 0,
      gpuType: null,
      gpuDevices: null,
      cpusPerTask: 1,
      memoryPerNodeMb: null,
      walltime: '00:02:00',
      array: null,
      requeue: false,
    },
    surroundings: { modules: [], environment: {}, prologue: '' },
    ...change,
  });
  const folderOf = (job: BatchJob): string => join(cluster.home, 'runs', job.token);
  const submit = (job: BatchJob, again = false, over = connection): Promise<string> =>
    submitJob(over, { folder: quoteWord(folderOf(job)), job, files: [], again });
  const queue = async (): Promise<readonly QueuedJob[]> =>
    parseQueue(new TextDecoder().decode((await connection.run({ script: queueScript() })).stdout));
  const attempts = (job: BatchJob): readonly Record<string, unknown>[] => {
    const path = join(folderOf(job), 'attempts.jsonl');
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  const ended = (job: BatchJob) =>
    waitFor(() => attempts(job).find(({ event }) => event === 'ended'), 150_000);

  beforeAll(async () => {
    cluster = await startSlurmCluster();
    connection = await connect();
  });
  tellClusterOnFailure(() => cluster);
  afterAll(async () => {
    await connection.disconnect();
    await cluster[Symbol.asyncDispose]();
  });

  it('runs a job, keeps its log and its exit code', async () => {
    const job = jobOf(['sh', '-c', 'echo "loss 2.5"; exit 3']);
    const id = await submit(job);
    expect(await ended(job)).toMatchObject({ job: id, restart: 0, exitCode: 3 });
    expect(readFileSync(join(folderOf(job), 'log.txt'), 'utf8')).toBe('loss 2.5\n');
    const found = (await queue()).find((other) => other.id === id);
    expect(found?.name).toBe(`test.${job.token}`);
  });

  it('takes a hostile name for a name, and arguments for arguments', async () => {
    const words = ['a b', '$(touch /tmp/nesso-was-here)', `it's "quoted"`, '; rm -rf ~', '*', ''];
    const job = jobOf(['printf', '[%s]', ...words], { name: 'a b; rm -rf ~ $(x)' });
    await submit(job);
    await ended(job);
    expect(readFileSync(join(folderOf(job), 'log.txt'), 'utf8')).toBe(
      words.map((word) => `[${word}]`).join(''),
    );
    expect(existsSync('/tmp/nesso-was-here')).toBe(false);
    const hostile = jobOf(['true']);
    await expect(
      submit({ ...hostile, resources: { ...hostile.resources, partition: 'long --wrap=x' } }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('gives one job to many who submit the same run at once, over several connections', async () => {
    const job = jobOf(['sleep', '5']);
    const others = await Promise.all([connect(), connect(), connect()]);
    const answers = await Promise.allSettled([connection, ...others].map((over) => submit(job, false, over)));
    const ids = new Set(answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : [])));
    expect(ids.size).toBe(1);
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'UNAVAILABLE' });
    }
    expect(await submit(job)).toBe([...ids][0]);
    const mine = (await queue()).filter(({ name }) => name.endsWith(job.token));
    expect(mine).toHaveLength(1);
    for (const other of others) await other.disconnect();
  });

  it('finds a job whose number was never noted, because the link broke between sbatch and the answer', async () => {
    const job = jobOf(['sleep', '5']);
    const id = await submit(job);
    // As if the login node had gone down right after sbatch: the note is missing, its maker is gone.
    await connection.run({
      script: `cd ${quoteWord(folderOf(job))} && rm job.id && mkdir submitting && echo 999999 > submitting/pid`,
    });
    expect(await submit(job)).toBe(id);
    expect((await queue()).filter(({ name }) => name.endsWith(job.token))).toHaveLength(1);
  });

  it('is carried out although the link is lost meanwhile', async () => {
    const job = jobOf(['true']);
    const over = await connect();
    const submitting = submit(job, false, over).catch(() => null);
    await waitFor(() => existsSync(join(folderOf(job), 'job.sh')));
    await over.disconnect();
    await submitting;
    const id = await waitFor(() => submit(job).catch(() => null), 150_000);
    await ended(job);
    expect(attempts(job).filter(({ event }) => event === 'started')).toHaveLength(1);
    expect(attempts(job)[0]).toMatchObject({ job: id });
  });

  it('says that the controller forgot the job, and submits it anew only when a person says so', async () => {
    const job = jobOf(['true']);
    // As after a controller that crashed right after it had accepted the job: a number, and no trace of it.
    await connection.run({
      script: `mkdir -p ${quoteWord(folderOf(job))} && echo 999999 > ${quoteWord(folderOf(job))}/job.id`,
    });
    await expect(submit(job)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await queue()).some(({ name }) => name.endsWith(job.token))).toBe(false);
    const id = await submit(job, true);
    expect(id).not.toBe('999999');
    expect(await ended(job)).toMatchObject({ job: id, exitCode: 0 });
    // Known and started once: asked again, long after, it is still that job.
    expect(await submit(job)).toBe(id);
  });

  it('submits nothing while the controller is down, and once when it is back', {
    timeout: 480_000,
  }, async () => {
    const job = jobOf(['true']);
    await waitFor(
      async () => (await queue()).every(({ state }) => /^(COMPLETED|FAILED|CANCELLED)/.test(state)),
      180_000,
    );
    await cluster.saved();
    cluster.killController();
    await expect(submit(job)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    cluster.startController();
    await waitFor(() => submit(job).catch(() => null), 150_000);
    await ended(job);
    expect(attempts(job).filter(({ event }) => event === 'started')).toHaveLength(1);
  });

  it('passes the warning before the time limit on, and notes how it ended', async () => {
    const job = jobOf(['sh', '-c', 'trap "echo saving; exit 7" TERM; while :; do sleep 0.2; done']);
    const id = await submit(job);
    await waitFor(() => attempts(job).some(({ event }) => event === 'started'), 150_000);
    await connection.run({ script: `scancel --batch --signal=TERM ${id}` });
    expect(await ended(job)).toMatchObject({ exitCode: 7 });
    expect(attempts(job).map(({ event }) => event)).toEqual(['started', 'warned', 'ended']);
    expect(readFileSync(join(folderOf(job), 'log.txt'), 'utf8')).toContain('saving');
  });

  it('shows GPUs, arrays and hopeless waiting as Slurm knows them', async () => {
    const array = jobOf(['sleep', '3'], {});
    await submit({ ...array, resources: { ...array.resources, array: '0-3%2', gpusPerNode: 2 } });
    const tasks = await waitFor(async () => {
      const found = (await queue()).filter(({ name }) => name.endsWith(array.token));
      return found.length > 1 ? found : null;
    }, 480_000);
    expect(tasks.every(({ arrayTask }) => arrayTask !== null)).toBe(true);
    expect(tasks[0]?.gres).toContain('gpu:2');
    const long = jobOf(['true']);
    await expect(
      submit({ ...long, resources: { ...long.resources, partition: 'debug', walltime: '1-00:00:00' } }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringMatching(/time limit/i) });
  });
});

// The module that trainers import as wandb, run by a real Python: every digit arrives, nothing is ever raised.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readMetricsLine } from '../../../core/lib/logs/metrics-jsonl.ts';
import { repositoryFolder } from '../../support/test-core.ts';

const sink = join(repositoryFolder, 'resources', 'cluster', 'nesso_sink');
const noPython = spawnSync('python3', ['--version']).status === 0 ? null : 'python3 is not installed';

describe.skipIf(noPython !== null)(`exact metrics${noPython === null ? '' : ` (${noPython})`}`, () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nesso-sink-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const python = (program: string, environment: Record<string, string> = {}) =>
    spawnSync('python3', ['-W', 'error', '-c', program], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        PYTHONPATH: sink,
        PYTHONDONTWRITEBYTECODE: '1',
        NESSO_METRICS: join(folder, 'metrics.jsonl'),
        SLURM_JOB_ID: '42',
        ...environment,
      },
    });
  const text = (): string => readFileSync(join(folder, 'metrics.jsonl'), 'utf8');
  const lines = (): Record<string, number>[] =>
    text()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, number>);

  it('is small enough to travel with every run', () => {
    const bytes = readdirSync(sink, { recursive: true, encoding: 'utf8' })
      .filter((path) => !path.includes('__pycache__'))
      .map((path) => statSync(join(sink, path)))
      .reduce((sum, entry) => sum + (entry.isFile() ? entry.size : 0), 0);
    expect(bytes).toBeLessThan(20_000);
  });

  it('keeps what Nanotron logs, to the last digit, at its own step', () => {
    const { status, stderr } = python(`
import wandb
assert wandb is not None
wandb.init(project="zagreus", name="01/02/2026_10:00:00_run", config={"nanotron_config": {"a": {"b": 1}}})
for i in range(1, 4):
    wandb.log({"lm_loss": 2.0 / 3 + i, "lr": 0.1 ** 7 * i, "eta": "1 day, 2:03:04", "consumed_tokens": 2 ** 53 - i, "iteration_step": 10 * i})
wandb.finish()
`);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(lines().map(({ step }) => step)).toEqual([10, 20, 30]);
    expect(lines().map((line) => line['lm_loss'])).toEqual([1, 2, 3].map((i) => 2.0 / 3 + i));
    expect(lines().map((line) => line['lr'])).toEqual([1, 2, 3].map((i) => 0.1 ** 7 * i));
    expect(lines()[0]).toMatchObject({ consumed_tokens: 2 ** 53 - 1 });
    expect(text()).not.toContain('eta');
  });

  it('follows the step a tool defines, and its own count where there is none', () => {
    python(`
import wandb
run = wandb.init()
run.define_metric("train/global_step")
run.define_metric("*", step_metric="train/global_step", step_sync=True)
run.log({"train/loss": 1.5, "train/global_step": 7})
run.log({"eval": {"acc": 0.25, "deep": {"er": 1}}}, step=9)
other = wandb.init(reinit=True)
other.log({"a": 1}); other.log({"a": 2}); other.log({"b": 3}, commit=False)
`);
    expect(lines().map(({ step }) => step)).toEqual([7, 9, 1, 2, 2]);
    expect(lines()[1]).toMatchObject({ 'eval.acc': 0.25, 'eval.deep.er': 1 });
  });

  it('marks NaN and infinities as the studio reads them, and leaves out what is no number', () => {
    const { stderr } = python(`
import wandb
class Scalar:
    size = 1
    def item(self): return 0.1 + 0.2
class Vector:
    size = 3
    def item(self): raise ValueError("three")
wandb.log({"nan": float("nan"), "inf": float("-inf"), "np": Scalar(), "flag": True, "none": None, "text": "x",
           "vector": Vector(), "image": wandb.Image(1), "table": wandb.Table(columns=["a"]), "list": [1], "html": wandb.Html("x")}, step=1)
`);
    expect(stderr).toBe('');
    const [line = ''] = text().trim().split('\n');
    const read = readMetricsLine(line);
    expect(read).not.toBeNull();
    expect(line).toMatch(/"nan": NaN, "inf": -Infinity, "np": 0\.30000000000000004, "flag": 1}$/);
  });

  it('answers whatever else is called, and never raises into the trainer', () => {
    const { status, stdout, stderr } = python(
      `
import wandb, wandb.util
from wandb.sdk.lib.runid import generate_id
from wandb.errors import CommError
from importlib.metadata import version
assert version("wandb") == wandb.__version__
wandb.login(key="x"); wandb.setup(); wandb.watch(object(), log="all"); wandb.save("x")
run = wandb.init(settings=wandb.Settings(start_method="fork"))
run.config.update({"a": 1}, allow_val_change=True); wandb.config["b"] = 2; wandb.config.c = 3
assert (run.config.a, run.config["b"], run.config.c) == (1, 2, 3)
run._label(code="transformers_trainer"); wandb.run.log_artifact(wandb.Artifact("m", type="model")).wait()
wandb.plot.line_series(xs=[1], ys=[2]); run.summary["best"] = 1; run.alert("x", "y"); run.mark_preempting()
with wandb.init() as again: assert again is run
run.log("nothing"); run.log({"a": object()}); run.log({("a", 1): 1}, step="x")
run.finish(); assert wandb.run is None
print("end")
`,
      { NESSO_METRICS: '/nowhere/at/all/metrics.jsonl' },
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'end\n' });
    expect(stderr).toContain('a metric was not kept');
  });

  it('is written by one process of a job, whole lines from all its threads', () => {
    const { stderr } = python(`
import json, multiprocessing, os, threading, wandb
run = wandb.init()
def work(k):
    for i in range(200): run.log({"v%d" % k: i + 0.1}, step=i)
run.log({"first": 1}, step=0)
def rank(k):
    import subprocess, sys
    subprocess.run([sys.executable, "-c", "import wandb; wandb.init().log({'other': 1}, step=1)"], check=True)
threads = [threading.Thread(target=work, args=(k,)) for k in range(4)] + [threading.Thread(target=rank, args=(k,)) for k in range(2)]
[t.start() for t in threads]; [t.join() for t in threads]
`);
    expect(stderr).toBe('');
    expect(lines()).toHaveLength(801);
    expect(text()).not.toContain('other');
  });

  it('goes on with the next program of a job, also after one that was killed', () => {
    python('import wandb, os, signal; wandb.log({"a": 1}, step=1); os.kill(os.getpid(), signal.SIGKILL)');
    python('import wandb; wandb.log({"a": 2}, step=2)');
    python('import wandb; wandb.log({"a": 3}, step=3)');
    expect(lines().map(({ a }) => a)).toEqual([1, 2, 3]);
    expect(readdirSync(folder)).toEqual(['metrics.jsonl']);
  });
});

// What a workstation is asked and answers; the scripts themselves run in the integration tests.
import { describe, expect, it } from 'vitest';
import {
  parseStates,
  startScript,
  statesScript,
  stopScript,
} from '../../../../../core/lib/workstation/process-scripts.ts';
import { supervisorScript } from '../../../../../core/lib/workstation/supervisor.ts';

it('states are read by the place of their run; what cannot be understood is left out', () => {
  const answer = [
    '0 running',
    '1 waiting 1 of 2 GPUs are free',
    '2 elsewhere node7',
    '9 running',
    'x',
    '4 odd',
  ].join('\n');
  expect(parseStates(answer, 5)).toEqual([
    { kind: 'running' },
    { kind: 'waiting', reason: '1 of 2 GPUs are free' },
    { kind: 'elsewhere', host: 'node7' },
    null,
    null,
  ]);
});

describe('scripts', () => {
  it('take every folder as one word', () => {
    const folder = `"$HOME"/'a '\\''b'\\'' $(x)'`;
    for (const script of [startScript(folder), stopScript(folder, 5), statesScript([folder])])
      expect(script).toContain(folder);
  });

  it('take settings for values', () => {
    const script = supervisorScript({
      token: 'a; rm -rf ~',
      runsAtOnce: 2,
      gpus: 1,
      gpuDevices: '0,2',
      gpuCount: 4,
      after: null,
    });
    expect(script).toContain("token='a; rm -rf ~'\n");
    expect(script).toContain('at_once=2 gpus=1 devices=0,2 known_gpus=4\n');
    expect(script).toContain("after=''\n");
  });

  it('wait at least a second before they end a group for sure', () => {
    expect(stopScript("'x'", 0)).toContain('sleep 1\n');
    expect(stopScript("'x'", 59.2)).toContain('sleep 60\n');
  });
});

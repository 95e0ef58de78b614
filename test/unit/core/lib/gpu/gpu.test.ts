// Texts of nvidia-smi, srun and sstat as they print them, good and bad.
import { describe, expect, it } from 'vitest';
import { jobGpuScript, parseJobReading } from '../../../../../core/lib/gpu/job-readings.ts';
import { parseGpuLine } from '../../../../../core/lib/gpu/nvidia-smi.ts';
import { PART } from '../../../../../core/lib/remote/answer-parts.ts';

const gpu = (index: number) =>
  `${index}, 98, 61234, 81559, 312.45, 400.00, 64, GPU-5f1c, NVIDIA A100-SXM4-80GB`;

function answer(parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts)
    .map(([name, text]) => `${PART}${name}\n${text}\n`)
    .join('\n');
}

describe('parseGpuLine', () => {
  it('reads numbers, and null for what a card does not tell', () => {
    expect(parseGpuLine(gpu(3))).toEqual({
      index: 3,
      name: 'NVIDIA A100-SXM4-80GB',
      uuid: 'GPU-5f1c',
      utilizationPercent: 98,
      memoryUsedMib: 61234,
      memoryTotalMib: 81559,
      powerWatts: 312.45,
      powerLimitWatts: 400,
      temperatureCelsius: 64,
    });
    expect(
      parseGpuLine('0, [N/A], 1, 2, [Not Supported], [Unknown Error], 40, GPU-1, Odd, name'),
    ).toMatchObject({
      utilizationPercent: null,
      powerWatts: null,
      powerLimitWatts: null,
      temperatureCelsius: 40,
      name: 'Odd, name',
    });
  });

  it.each([
    '',
    'No devices were found',
    'NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.',
    'index, utilization.gpu [%], a, b, c, d, e, f, g',
  ])('takes %j for no card', (line) => expect(parseGpuLine(line)).toBeNull());
});

describe('parseJobReading', () => {
  it('tells nodes apart whose lines come in turn, and reads the processes', () => {
    const { nodes, steps, problem } = parseJobReading(
      answer({
        gpus: ` 1: node n10\n 0: node n9\n 0: ${gpu(0)}\n 1: ${gpu(0)}\n 0: ${gpu(1)}\n 1: ${gpu(1)}`,
        srun: '0',
        steps: '7.extern|1|00:00.000|0\n7.batch|1|00:01.500|5152K\n7.0|8|1-02:03:04|1.50G\ngarbage',
      }),
    );
    expect(problem).toBeNull();
    expect(nodes.map(({ node, gpus }) => [node, gpus.map(({ index }) => index)])).toEqual([
      ['n9', [0, 1]],
      ['n10', [0, 1]],
    ]);
    expect(steps).toEqual([
      { step: '7.batch', tasks: 1, averageCpuSeconds: 1.5, maxMemoryBytes: 5152 * 1024 },
      { step: '7.0', tasks: 8, averageCpuSeconds: 93_784, maxMemoryBytes: 1.5 * 1024 ** 3 },
    ]);
  });

  it.each([
    [
      {
        gpus: 'srun: error: Unable to create step for job 7: Access/permission denied',
        srun: '1',
        steps: '',
      },
      /does not let anyone look into the job: Unable to create step for job 7: Access/,
    ],
    [{ gpus: '', srun: '124', steps: '' }, /did not start a step within 20 seconds/],
    [{ state: 'not running' }, /not running yet/],
    [{}, null],
  ])('says why there is nothing: %j', (parts, expected) => {
    const { problem, nodes } = parseJobReading(answer(parts as Record<string, string>));
    expect(nodes).toEqual([]);
    if (expected) expect(problem).toMatch(expected);
  });

  it('names a node without the program, beside one with it', () => {
    const { nodes, problem } = parseJobReading(
      answer({
        gpus: `0: node n1\n0: sh: 1: nvidia-smi: not found\n0: failed 127\n1: node n2\n1: ${gpu(0)}`,
        srun: '0',
        steps: '',
      }),
    );
    expect(problem).toBeNull();
    expect(nodes.map(({ node, problem: why }) => [node, why])).toEqual([
      ['n1', 'nvidia-smi is not installed here'],
      ['n2', null],
    ]);
  });

  it('quotes the job, whatever its number holds', () => {
    expect(jobGpuScript("7; rm -rf ~ '")).toContain(`--jobid='7; rm -rf ~ '\\'''`);
  });
});

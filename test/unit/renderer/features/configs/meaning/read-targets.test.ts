import { expect, test } from 'vitest';
import {
  readTargets,
  walltimeHours,
} from '../../../../../../renderer/features/configs/meaning/read-targets.ts';

test('reads the targets that have GPUs', () => {
  const text = [
    'name: team',
    'targets:',
    '- name: here',
    '  kind: local',
    '  gpusPerNode: 0',
    '- name: cluster',
    '  kind: slurm',
    '  nodes: 16',
    '  gpusPerNode: 4',
    '  gpu: A100-64GB',
    '  walltime: "24:00:00"',
    '',
  ].join('\n');
  const targets = readTargets(text);
  expect(targets).toMatchObject([{ name: 'cluster', nodes: 16, gpusPerNode: 4, walltimeHours: 24 }]);
  expect(targets[0]?.gpu?.memoryBytes).toBe(64 * 1024 ** 3);
});

test('a target without a number of GPUs, and a broken file, give none', () => {
  expect(readTargets('targets:\n- name: cluster\n')).toEqual([]);
  expect(readTargets('targets: [')).toEqual([]);
  expect(readTargets('')).toEqual([]);
});

test("understands Slurm's ways to write a time limit", () => {
  expect(walltimeHours('90')).toBe(1.5);
  expect(walltimeHours('30:00')).toBe(0.5);
  expect(walltimeHours('4-00:00:00')).toBe(96);
  expect(walltimeHours('1-12')).toBe(36);
  expect(walltimeHours('soon')).toBeNull();
});

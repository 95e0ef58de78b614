// Which values of a trainer's config are paths that the run's folder on a target does not have.
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../../core/lib/config/document.ts';
import { relativePathFindings } from '../../../../../core/lib/preflight/relative-paths.ts';

const told = (text: string) =>
  relativePathFindings(parseConfig(text), 'leonardo').map(({ message }) => message);

describe('relative paths of a config', () => {
  it('are told, wherever they stand', () => {
    expect(
      told(
        [
          'model_name_or_path: ./models/base',
          'dataset_name: data/conversations-ita',
          'datasets:',
          '- path: json',
          '  data_files: [train.jsonl, /data/more.jsonl]',
          '- { path: some/where/deep }',
          'chat_template_path: chatml.jinja',
          'deepspeed: ds_z3_config.json',
          'resume_from_checkpoint: ~/x/checkpoint-5',
        ].join('\n'),
      ),
    ).toEqual([
      'model_name_or_path: ./models/base is a relative path',
      'dataset_name: data/conversations-ita is a relative path',
      'data_files: train.jsonl is a relative path',
      'path: some/where/deep is a relative path',
      'chat_template_path: chatml.jinja is a relative path',
      'deepspeed: ds_z3_config.json is a relative path',
      'resume_from_checkpoint: ~/x/checkpoint-5 is taken as it is written',
    ]);
    const [finding] = relativePathFindings(parseConfig('base_model: ../m'), 'leonardo');
    expect(finding).toMatchObject({ source: 'data', severity: 'warning' });
    expect(finding?.reason).toContain('on leonardo: write the whole path there, or a name on the Hub');
  });

  it('are not seen in names on the Hub, whole paths, and keys of other meaning', () => {
    expect(
      told(
        [
          'model_name_or_path: giux78/zagreus-0.4B-ita',
          'dataset_name: imdb',
          'datasets: [{ path: s3://bucket/x/y.parquet, type: chat_template }, { path: /data/x.jsonl }]',
          'output_dir: outputs/x',
          'run_name: a/b/c.json',
          'resume_from_checkpoint: true',
          'deepspeed: null',
          'learning_rate: 1.0e-3',
        ].join('\n'),
      ),
    ).toEqual([]);
    expect(told('')).toEqual([]);
    expect(told('datasets: [')).toEqual([]);
    expect(told(`datasets: [${Array.from({ length: 40 }, () => '{ path: ./x }').join(', ')}]`)).toHaveLength(
      12,
    );
  });
});

// Links: what is written can be read back, and nothing typed by hand breaks the reader.
import { describe, expect, it } from 'vitest';
import { href, hrefOfFile, parseRoute } from '../../../../renderer/app/link-syntax.ts';

describe('links', () => {
  it('keeps slashes readable and escapes the rest', () => {
    expect(href('configs', 'configs/zagreus-0.4B-ita.yaml')).toBe('#/configs/configs/zagreus-0.4B-ita.yaml');
    expect(href('data', 'data/a b#1?.parquet')).toBe('#/data/data/a%20b%231%3F.parquet');
    expect(href('configs', 'a.yaml', { line: 29 })).toBe('#/configs/a.yaml?line=29');
    expect(href('settings')).toBe('#/settings');
  });

  it.each(['configs/a.yaml', 'data/a b#1?.parquet', '100%.yaml', 'città/ń.jsonl', 'a&b=c+d'])(
    'reads %s back',
    (path) => {
      const route = parseRoute(href('data', path, { row: 3 }));
      expect(route?.view).toBe('data');
      expect(route?.argument).toBe(path);
      expect(route?.query.get('row')).toBe('3');
    },
  );

  it('has no object when nothing follows the view', () => {
    expect(parseRoute('#/runs')?.argument).toBeNull();
    expect(parseRoute('#/runs/')?.argument).toBeNull();
  });

  it('takes a lone percent sign as written', () => {
    expect(parseRoute('#/configs/50%.yaml')?.argument).toBe('50%.yaml');
  });

  it.each(['', '#', '#/', '#/nowhere/x', '#/constructor'])('knows no view in %j', (hash) => {
    expect(parseRoute(hash)).toBeNull();
  });

  it('opens every kind of file in its view, and none without one', () => {
    expect(hrefOfFile({ path: 'data/x.jsonl', kind: 'dataset' })).toBe('#/data/data/x.jsonl');
    expect(hrefOfFile({ path: 'runs/a/log.txt', kind: 'log' })).toBe('#/runs/file/runs/a/log.txt');
    expect(hrefOfFile({ path: 'notes.md', kind: 'text' })).toBeNull();
  });
});

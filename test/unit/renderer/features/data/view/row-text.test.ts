import { expect, it } from 'vitest';
import { rowAsJson, rowAsMarkdown } from '../../../../../../renderer/features/data/view/row-text.ts';

it('texts of rows keep nested values in JSON and pipes in Markdown', () => {
  const document = {
    row: 1,
    fields: [
      { name: 'id', type: 'VARCHAR', value: 'a|b', truncated: false },
      { name: 'tags', type: 'VARCHAR[]', value: '["x"]', truncated: false },
      { name: 'text', type: 'VARCHAR', value: '[not json', truncated: false },
    ],
  };
  expect(JSON.parse(rowAsJson(document))).toEqual({ id: 'a|b', tags: ['x'], text: '[not json' });
  expect(rowAsMarkdown(document)).toContain('| id | a\\|b |');
});

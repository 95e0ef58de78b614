import { expect, it } from 'vitest';
import { usualFacets } from '../../../../../../renderer/features/data/facets/facet-columns.ts';

it('offers facets that published sets have', () => {
  const found = usualFacets(
    ['url', 'text', 'metadata.language', 'dump'].map((name) => ({
      name,
      type: 'VARCHAR',
      numeric: false,
    })),
  );
  expect(found).toEqual([
    { column: 'metadata.language' },
    { column: 'url', part: 'host' },
    { column: 'dump' },
  ]);
});

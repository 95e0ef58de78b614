// Bootstrap intervals of the judge bench against ranking every draw afresh, on 511 documents as JQL's human set has.
// Exports: bench. The same draws on both sides, and the same correlations out of them.
import { resampledSpearman } from '../../core/lib/judge-bench/bootstrap.ts';
import { seededRandom } from '../../core/lib/jql/random.ts';
import { spearman } from '../../core/lib/statistics/spearman.ts';
import { interleavedMedians } from './measure-pair.ts';
import type { Measurement } from './measurement.ts';

const DOCUMENTS = 511;
const DRAWS = 200;

export async function bench(): Promise<readonly Measurement[]> {
  const random = seededRandom(1);
  const people = Float64Array.from({ length: DOCUMENTS }, () => Math.floor(random() * 6));
  const head = people.map((score) => score + random() * 2);
  const draws = Array.from({ length: DRAWS }, () =>
    Uint32Array.from({ length: DOCUMENTS }, () => Math.floor(random() * DOCUMENTS)),
  );
  const ours = (): readonly number[] => {
    const correlationOf = resampledSpearman(head, people);
    const counts = new Uint32Array(DOCUMENTS);
    return draws.map((draw) => {
      counts.fill(0);
      for (const index of draw) counts[index] = (counts[index] ?? 0) + 1;
      return correlationOf(counts);
    });
  };
  const afresh = (): readonly number[] =>
    draws.map((draw) => {
      const a = Float64Array.from(draw, (index) => head[index] ?? 0);
      const b = Float64Array.from(draw, (index) => people[index] ?? 0);
      return spearman(a, b).coefficient;
    });
  const expected = afresh();
  for (const [index, value] of ours().entries()) {
    if (!(Math.abs(value - (expected[index] ?? Number.NaN)) < 1e-9)) throw new Error(`Draw ${index} differs`);
  }
  return [
    {
      name: `${DRAWS} bootstrap draws of ${DOCUMENTS} documents`,
      ...interleavedMedians(ours, afresh),
      anchor: 'ranking every draw afresh',
      limit: 0.5,
    },
  ];
}

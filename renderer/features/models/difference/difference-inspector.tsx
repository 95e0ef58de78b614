// The right pane beside "Difference": the chosen tensor on both sides, as far as its values were read.
import type { PaneProps } from '../../../app/feature.ts';
import { href } from '../../../app/route.ts';
import { Link } from '../../../app/link.tsx';
import { Pane, PaneHeader, PaneHint, Section } from '../../../ui/pane.tsx';
import { PropertyList } from '../../../ui/property-list.tsx';
import { shownModelName } from '../model-name.ts';
import { useReadStatistics } from '../inside/statistics-work.ts';
import { number } from '../inside/value-words.ts';

export function DifferenceInspector({ argument, query }: PaneProps) {
  const path = argument ?? '';
  const other = query.get('with');
  const tensor = query.get('tensor');
  return (
    <Pane header={<PaneHeader title={tensor === null ? 'Tensor' : 'Tensor on both sides'} />}>
      {tensor === null || other === null ? (
        <PaneHint>Choose a cell of the strip or a row of the table</PaneHint>
      ) : (
        <>
          <Side title="A" path={path} tensor={tensor} />
          <Side title="B" path={other} tensor={tensor} />
        </>
      )}
    </Pane>
  );
}

function Side({
  title,
  path,
  tensor,
}: {
  readonly title: string;
  readonly path: string;
  readonly tensor: string;
}) {
  const values = useReadStatistics(path)?.byName.get(tensor);
  return (
    <Section
      title={`${title}: ${shownModelName(path)}`}
      aside={<Link to={href('models', path, { mode: 'inside', tensor })}>Look inside</Link>}
    >
      {values ? (
        <PropertyList
          properties={[
            { name: 'Norm', value: number(values.norm) },
            { name: 'Mean', value: number(values.mean) },
            { name: 'Deviation', value: number(values.deviation) },
            { name: 'Least', value: number(values.least) },
            { name: 'Largest', value: number(values.largest) },
          ]}
        />
      ) : (
        <p>{path}</p>
      )}
    </Section>
  );
}

// The right pane beside "Inside": the chosen tensor with all that was read of it, and the model as a whole.
import { describeError } from '../../../app/describe-error.ts';
import type { PaneProps } from '../../../app/feature.ts';
import type { TensorEntry, WeightsDetail } from '../../../../core/api/weights.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatCount, formatDiskSize, formatInteger } from '../../../ui/format.ts';
import { Pane, PaneHeader, Section } from '../../../ui/pane.tsx';
import { PropertyList } from '../../../ui/property-list.tsx';
import { layoutWords, useWeightsDetail } from './use-weights-detail.ts';
import { useReadStatistics } from './statistics-work.ts';
import { number, percent } from './value-words.ts';

export function InsideInspector({ argument, query }: PaneProps) {
  const path = argument ?? '';
  const { data: detail, error } = useWeightsDetail(path);
  const tensor = detail?.tensors.find(({ name }) => name === query.get('tensor'));
  return (
    <Pane header={<PaneHeader title={tensor ? 'Tensor' : 'Model'} />}>
      {error ? <ErrorState compact {...describeError(error)} /> : null}
      {tensor ? <TensorFacts path={path} tensor={tensor} /> : null}
      {detail ? <ModelFacts detail={detail} /> : null}
    </Pane>
  );
}

function TensorFacts({ path, tensor }: { readonly path: string; readonly tensor: TensorEntry }) {
  const read = useReadStatistics(path);
  const values = read?.byName.get(tensor.name);
  const count = tensor.shape.reduce((a, b) => a * b, 1);
  const unread = read?.unread.includes(tensor.name) === true;
  return (
    <>
      <Section title={tensor.name} aside={<CopyButton text={tensor.name} label="Copy name" />}>
        <PropertyList
          properties={[
            { name: 'Shape', value: tensor.shape.map((size) => formatInteger(size)).join(' × ') },
            { name: 'Values', value: formatInteger(count) },
            { name: 'Type', value: tensor.type },
            { name: 'Size', value: formatDiskSize(tensor.sizeBytes) },
            { name: 'Bits a value', value: number((tensor.sizeBytes * 8) / count) },
          ]}
        />
      </Section>
      <Section title="Values">
        {values ? (
          <PropertyList
            properties={[
              { name: 'Norm', value: number(values.norm) },
              { name: 'Mean', value: number(values.mean) },
              { name: 'Deviation', value: number(values.deviation) },
              { name: 'Least', value: number(values.least) || 'none is finite' },
              { name: 'Largest', value: number(values.largest) || 'none is finite' },
              { name: 'Zeros', value: `${formatInteger(values.zeros)} (${percent(values.zeros / count)})` },
              { name: 'NaN', value: formatInteger(values.nan) },
              { name: 'Infinite', value: formatInteger(values.infinite) },
            ]}
          />
        ) : (
          <p>{unread ? `Values of ${tensor.type} are not read here` : 'Not read yet'}</p>
        )}
      </Section>
    </>
  );
}

function ModelFacts({ detail }: { readonly detail: WeightsDetail }) {
  const types = new Map<string, { tensors: number; sizeBytes: number }>();
  for (const { type, sizeBytes } of detail.tensors) {
    const known = types.get(type) ?? { tensors: 0, sizeBytes: 0 };
    types.set(type, { tensors: known.tensors + 1, sizeBytes: known.sizeBytes + sizeBytes });
  }
  return (
    <>
      <Section title="Model">
        <PropertyList
          properties={[
            { name: 'Layout', value: layoutWords[detail.layout] },
            { name: 'Architecture', value: detail.architecture ?? '–' },
            { name: 'Parameters', value: formatCount(detail.parameters) },
            { name: 'Weights', value: formatDiskSize(detail.sizeBytes) },
            { name: 'Bits a weight', value: number((detail.sizeBytes * 8) / detail.parameters) },
            { name: 'Can be converted', value: convertible(detail) },
          ]}
        />
      </Section>
      <Section title="Types">
        <PropertyList
          properties={[...types].map(([type, { tensors, sizeBytes }]) => ({
            name: type,
            value: `${formatInteger(tensors)} tensors · ${formatDiskSize(sizeBytes)}`,
          }))}
        />
      </Section>
    </>
  );
}

function convertible({ layout, isConvertible }: WeightsDetail): string {
  if (layout === 'gguf') return 'from its source';
  return isConvertible ? 'yes' : 'no: Llama and Qwen2 are';
}

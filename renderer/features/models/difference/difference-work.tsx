// The middle pane: how far every tensor moved from one model to another, whatever their layouts are.
import { useQuery } from '@tanstack/react-query';
import { GitCompareArrows } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { WeightDifference } from '../../../../core/api/conversion.ts';
import { describeError } from '../../../app/describe-error.ts';
import type { PaneProps } from '../../../app/feature.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { href, navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatFixed, formatInteger } from '../../../ui/format.ts';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { Progress } from '../../../ui/progress.tsx';
import { Figure } from '../../../ui/property-list.tsx';
import { type Choice, Select } from '../../../ui/select.tsx';
import { number, percent } from '../inside/value-words.ts';
import { ModelModeSwitch } from '../model-mode-switch.tsx';
import { shownModelName } from '../model-name.ts';
import { type SortedColumn, SortedTable } from '../sorted-table.tsx';
import { folderChoices, useWeightsFolders } from '../weights-choices.ts';
import { createWorkStore, followToResult } from '../work-store.ts';
import styles from './difference.module.css';
import { HeatStrip } from './heat-strip.tsx';
import { type MeasureId, measured, measures, type MovedTensor } from './layer-grid.ts';

const differences = createWorkStore<WeightDifference>();

export function DifferenceWork({ argument, query }: PaneProps) {
  const path = argument ?? '';
  const other = query.get('with');
  const client = useClient();
  const key = `${path}\0${other}`;
  const work = differences.use(key);
  const read = () => {
    if (other === null) return;
    differences.start(key, async ({ signal, onProgress }) =>
      followToResult(await client.conversion.diff({ a: path, b: other }, { signal }), onProgress),
    );
  };
  useEffect(() => {
    if (other !== null && other !== path && differences.get(key) === null) read();
    // `read` is made anew by every render; the pair is what it depends on.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key]);
  const choose = (next: Readonly<Record<string, string>>) =>
    navigate(
      href('models', path, { mode: 'difference', ...(other === null ? {} : { with: other }), ...next }),
    );
  return (
    <Pane
      scrolls={false}
      header={
        <PaneHeader
          title={shownModelName(path)}
          detail={other === null ? '' : `A, against ${shownModelName(other)} as B`}
          actions={<ModelModeSwitch path={path} query={query} />}
        />
      }
    >
      <div className={styles['work']}>
        <OtherForm path={path} other={other} onChoose={(next) => choose({ with: next })} />
        {work?.kind === 'working' ? (
          <div className={styles['progress']}>
            <Progress label="Reading both" fraction={work.share} onCancel={() => differences.cancel(key)} />
          </div>
        ) : null}
        {work?.kind === 'failed' ? (
          <ErrorState {...describeError(work.error)} actions={<Button onPress={read}>Try again</Button>} />
        ) : null}
        {work?.kind === 'done' ? (
          <Difference
            difference={work.result}
            chosen={query.get('tensor')}
            onChoose={(tensor) => choose({ tensor })}
          />
        ) : null}
        {work === null && other !== null ? (
          <div className={styles['progress']}>
            <Button onPress={read}>Compare</Button>
          </div>
        ) : null}
        {other === null ? (
          <EmptyState icon={GitCompareArrows} title="Compare with another model">
            Two steps of a training, a model and its quantization, a file and the folder it came from: every
            tensor is read once, and you see how far each moved.
          </EmptyState>
        ) : null}
      </div>
    </Pane>
  );
}

function OtherForm({
  path,
  other,
  onChoose,
}: {
  readonly path: string;
  readonly other: string | null;
  readonly onChoose: (path: string) => void;
}) {
  const client = useClient();
  const models = useQuery({ queryKey: queryKeys.models, queryFn: () => client.models.list() });
  const folders = useWeightsFolders();
  const choices: readonly Choice[] = [
    ...(models.data ?? [])
      .filter(({ problem }) => problem === null)
      .map((model) => ({
        id: model.path,
        label: model.name,
        detail: `${model.path} · ${model.quantization}`,
      })),
    ...folderChoices(folders),
  ].filter(({ id }) => id !== path);
  return (
    <div className={styles['form']}>
      <Select
        label="Compare with"
        choices={choices}
        value={other}
        onChange={onChoose}
        placeholder={choices.length === 0 ? 'There is no other model here' : 'Choose…'}
        isDisabled={choices.length === 0}
      />
    </div>
  );
}

function Difference({
  difference,
  chosen,
  onChoose,
}: {
  readonly difference: WeightDifference;
  readonly chosen: string | null;
  readonly onChoose: (name: string) => void;
}) {
  const [measure, setMeasure] = useState<MeasureId>('moved');
  const { total, tensors, onlyInA, onlyInB, otherShapes } = difference;
  const notes = useMemo(
    () => [
      ...(onlyInA.length > 0 ? [`Only in A: ${few(onlyInA)}`] : []),
      ...(onlyInB.length > 0 ? [`Only in B: ${few(onlyInB)}`] : []),
      ...(otherShapes.length > 0 ? [`Of another shape: ${few(otherShapes)}`] : []),
    ],
    [onlyInA, onlyInB, otherShapes],
  );
  return (
    <>
      <div className={styles['numbers']}>
        <Figure value={percent(measured(total, 'moved'))} caption="moved by, of the norm" />
        <Figure value={total.cosine === null ? '–' : formatFixed(total.cosine, 6)} caption="cosine" />
        <Figure value={percent(measured(total, 'changed'))} caption="of the values changed" />
        <Figure value={number(total.largest)} caption="largest step of one value" />
        <Figure value={formatInteger(tensors.length)} caption="tensors compared" />
      </div>
      {notes.map((note) => (
        <p key={note} className={styles['notes']}>
          {note}
        </p>
      ))}
      <div className={styles['by']}>
        <Select
          label="Colour by"
          choices={measures.map(({ id, title, about }) => ({ id, label: title, detail: about }))}
          value={measure}
          onChange={setMeasure}
        />
      </div>
      <HeatStrip tensors={tensors} measure={measure} chosen={chosen} onChoose={onChoose} />
      <div className={styles['table']}>
        <SortedTable
          label="Differences by tensor"
          columns={columns}
          rows={tensors}
          idOf={({ name }) => name}
          selectedId={chosen}
          onSelect={onChoose}
          initialSort={{ column: 'moved', descending: true }}
          empty="The two share no tensor"
        />
      </div>
    </>
  );
}

const NAMES_SHOWN = 3;

function few(names: readonly string[]): string {
  const more = names.length - NAMES_SHOWN;
  return `${names.slice(0, NAMES_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const figureColumn = (
  id: string,
  header: string,
  own: {
    readonly title: string;
    readonly value: (tensor: MovedTensor) => number | null;
    readonly text?: (value: number) => string;
  },
): SortedColumn<MovedTensor> => ({
  id,
  header,
  title: own.title,
  widthPx: 92,
  align: 'right',
  value: own.value,
  cell: (tensor) => {
    const value = own.value(tensor);
    return value === null ? '–' : (own.text ?? number)(value);
  },
});

const columns: readonly SortedColumn<MovedTensor>[] = [
  {
    id: 'name',
    header: 'Tensor',
    widthPx: 260,
    grows: true,
    value: ({ name }) => name,
    cell: ({ name }) => (
      <span className={styles['mono']} title={name}>
        {name}
      </span>
    ),
  },
  figureColumn('moved', 'Moved by', {
    title: 'Norm of B − A by the norm of A',
    value: (tensor) => measured(tensor, 'moved'),
    text: percent,
  }),
  figureColumn('cosine', 'Cosine', {
    title: 'Of the angle between both; – where one is all zeros',
    value: ({ cosine }) => cosine,
    text: (value) => formatFixed(value, 6),
  }),
  figureColumn('largest', 'Largest step', {
    title: 'Largest absolute difference of one value',
    value: ({ largest }) => largest,
  }),
  figureColumn('changed', 'Changed', {
    title: 'Share of the values that differ',
    value: (tensor) => measured(tensor, 'changed'),
    text: percent,
  }),
  figureColumn('normA', 'Norm A', { title: 'Euclidean norm in A', value: ({ normA }) => normA }),
  figureColumn('normB', 'Norm B', { title: 'Euclidean norm in B', value: ({ normB }) => normB }),
];

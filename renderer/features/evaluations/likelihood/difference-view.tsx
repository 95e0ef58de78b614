// One text, two models: which stretches the second finds more or less likely. Coloured text, and the same as a table.
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ComparedText } from '../../../../core/api/likelihood.ts';
import { describeError } from '../../../app/describe-error.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import styles from './likelihood.module.css';
import { formatFixed, formatSigned } from '../../../ui/format.ts';

/** Differences beyond these many nats have the strongest tint. */
const STRONGEST = 4;
const LEVELS = 4;
const SHOWN_ROWS = 40;
const EXAMPLE =
  "La capitale d'Italia è Roma. The capital of France is Paris. Il gatto miagola e il cane abbaia, ma il treno per Napoli è in ritardo.";

export function DifferenceView() {
  const client = useClient();
  const models = useQuery({ queryKey: queryKeys.models, queryFn: () => client.models.list() });
  const usable = (models.data ?? []).filter(({ problem }) => problem === null);
  const [first, setFirst] = useState<string | null>(null);
  const [second, setSecond] = useState<string | null>(null);
  const [text, setText] = useState(EXAMPLE);
  const a = first ?? usable[0]?.path ?? null;
  const b = second ?? usable.at(-1)?.path ?? null;
  const compare = useMutation({
    mutationFn: () => {
      if (a === null || b === null) throw new Error('Two models are needed');
      return client.likelihood.compare({ a, b, text });
    },
  });
  const choices = usable.map(({ path }) => ({ id: path, label: path }));
  return (
    <div className={styles['view']}>
      <div className={styles['two']}>
        <Select label="From" choices={choices} value={a} onChange={setFirst} />
        <Select label="To" choices={choices} value={b} onChange={setSecond} />
      </div>
      <TextField label="Text" value={text} onChange={setText} lines={4} />
      <div className={styles['tools']}>
        <Button
          kind="primary"
          isDisabled={a === null || b === null || text.trim() === '' || compare.isPending}
          onPress={() => compare.mutate()}
        >
          Compare on this text
        </Button>
        {compare.isPending ? <span role="status">Reading the text with both models…</span> : null}
      </div>
      {compare.error ? <ErrorState compact {...describeError(compare.error)} /> : null}
      {compare.data ? <Compared compared={compare.data} /> : null}
    </div>
  );
}

/** `+3` strongly more likely by the second, `-1` a little less, 0 about the same. */
function levelOf(by: number): number {
  const level = Math.min(LEVELS, Math.round((Math.abs(by) / STRONGEST) * LEVELS));
  return level === 0 ? 0 : Math.sign(by) * level;
}

function Compared({ compared }: { readonly compared: ComparedText }) {
  const { stretches, bitsA, bitsB } = compared;
  const rows = stretches.flatMap(({ text, a, b }, index) =>
    a === null || b === null ? [] : [{ index, text, a, b, by: b - a }],
  );
  const furthest = rows.toSorted((x, y) => Math.abs(y.by) - Math.abs(x.by)).slice(0, SHOWN_ROWS);
  return (
    <>
      <p className={styles['sum']}>
        {`${bitsA.toFixed(3)} → ${bitsB.toFixed(3)} bits per byte. Blue and underlined: more likely than before; orange and dotted: less likely. Differences of natural logarithms.`}
      </p>
      <p className={styles['text']} aria-label="Text with differences">
        {stretches.map((stretch, index) => {
          const by = stretch.a === null || stretch.b === null ? 0 : stretch.b - stretch.a;
          const level = levelOf(by);
          return (
            <span
              key={index}
              data-level={level === 0 ? undefined : level}
              title={
                stretch.a === null || stretch.b === null ? 'nothing before it' : `${formatSigned(by, 2)} nats`
              }
            >
              {stretch.text}
            </span>
          );
        })}
      </p>
      <DataTable
        label="Stretches that moved furthest"
        rows={furthest}
        idOf={({ index }) => String(index)}
        columns={[
          { id: 'text', header: 'Stretch', cell: ({ text }) => <code>{text}</code> },
          { id: 'a', header: 'ln p before', align: 'right', cell: ({ a }) => formatFixed(a, 2) },
          { id: 'b', header: 'ln p after', align: 'right', cell: ({ b }) => formatFixed(b, 2) },
          { id: 'by', header: 'Difference', align: 'right', cell: ({ by }) => formatSigned(by, 2) },
        ]}
      />
      {rows.length > furthest.length ? (
        <p className={styles['sum']}>{`The ${furthest.length} that moved furthest of ${rows.length}`}</p>
      ) : null}
    </>
  );
}

// How far each tensor moved, as a strip: layers across, parts of a layer down. A press chooses the tensor in the table below.
import { type CSSProperties, type KeyboardEvent, useMemo, useRef } from 'react';
import { formatQuantity } from '../../../ui/format.ts';
import { number } from '../inside/value-words.ts';
import styles from './difference.module.css';
import { heatScale, layerGrid, type MeasureId, measured, measures, type MovedTensor } from './layer-grid.ts';

export interface HeatStripProps {
  readonly tensors: readonly MovedTensor[];
  readonly measure: MeasureId;
  readonly chosen: string | null;
  readonly onChoose: (name: string) => void;
}

export function HeatStrip({ tensors, measure, chosen, onChoose }: HeatStripProps) {
  const grid = useMemo(() => layerGrid(tensors), [tensors]);
  const scale = useMemo(
    () => heatScale(tensors.map((tensor) => measured(tensor, measure))),
    [tensors, measure],
  );
  const frame = useRef<HTMLDivElement>(null);
  const title = measures.find(({ id }) => id === measure)?.title ?? '';
  const entry = chosen ?? grid.rows[0]?.cells.find((cell) => cell !== null)?.name ?? grid.outside[0]?.name;

  const onKeyDown = (event: KeyboardEvent) => {
    const step = {
      ArrowRight: [0, 1],
      ArrowLeft: [0, -1],
      ArrowDown: [1, 0],
      ArrowUp: [-1, 0],
    }[event.key];
    if (!step || !(event.target instanceof HTMLElement)) return;
    event.preventDefault();
    const { row = '0', column = '0' } = event.target.dataset;
    const place = [Number(row) + (step[0] ?? 0), Number(column) + (step[1] ?? 0)];
    frame.current?.querySelector<HTMLElement>(`[data-row="${place[0]}"][data-column="${place[1]}"]`)?.focus();
  };
  const cell = (tensor: MovedTensor, [row, column]: readonly [number, number], text = '') => {
    const value = measured(tensor, measure);
    const heat = scale(value);
    return (
      <button
        key={tensor.name}
        type="button"
        className={styles['cell']}
        data-row={row}
        data-column={column}
        data-still={heat === null ? 'yes' : undefined}
        data-hot={heat !== null && heat > 0.45 ? 'yes' : undefined}
        data-broken={Number.isFinite(value) ? undefined : 'yes'}
        aria-pressed={tensor.name === chosen}
        tabIndex={tensor.name === entry ? 0 : -1}
        style={heat === null ? {} : heatStyle(heat)}
        onKeyDown={onKeyDown}
        title={`${tensor.name}\n${title} ${number(value)}`}
        aria-label={`${tensor.name}: ${title.toLowerCase()} ${number(value)}`}
        onClick={() => onChoose(tensor.name)}
      >
        {text}
      </button>
    );
  };
  return (
    <figure className={styles['figure']}>
      <div ref={frame} className={styles['strip']} role="group" aria-label="Tensors by layer">
        {grid.rows.map(({ part, cells }, row) => (
          <div key={part} className={styles['line']}>
            <span className={styles['part']} title={part}>
              {part}
            </span>
            <div className={styles['cells']}>
              {cells.map((tensor, column) =>
                tensor ? cell(tensor, [row, column]) : <span key={column} className={styles['gap']} />,
              )}
            </div>
          </div>
        ))}
        {grid.layers.length > 0 ? <LayerAxis layers={grid.layers} /> : null}
        {grid.outside.length > 0 ? (
          <div className={styles['line']}>
            <span className={styles['part']}>outside</span>
            <div className={styles['outside']}>
              {grid.outside.map((tensor, column) =>
                cell(tensor, [grid.rows.length, column], tensor.name.replace(/^model\.|\.weight$/g, '')),
              )}
            </div>
          </div>
        ) : null}
      </div>
      <figcaption className={styles['caption']}>{sentence(tensors, measure, title)}</figcaption>
    </figure>
  );
}

/** The share of the colour, as a variable of the style sheet. */
function heatStyle(heat: number): CSSProperties & Record<'--heat', string> {
  return { '--heat': `${8 + heat * 92}%` };
}

function LayerAxis({ layers }: { readonly layers: readonly number[] }) {
  const every = layers.length > 16 ? 8 : layers.length > 8 ? 4 : 1;
  return (
    <div className={styles['line']} aria-hidden>
      <span className={styles['part']}>layer</span>
      <div className={styles['cells']}>
        {layers.map((layer, index) => (
          <span key={layer} className={styles['tick']}>
            {index % every === 0 ? layer : ''}
          </span>
        ))}
      </div>
    </div>
  );
}

/** For those who do not see the colours, and for everybody at a glance. */
function sentence(tensors: readonly MovedTensor[], measure: MeasureId, title: string): string {
  const sorted = [...tensors].sort((a, b) => measured(b, measure) - measured(a, measure));
  const [most] = sorted;
  const still = tensors.filter((tensor) => measured(tensor, measure) === 0).length;
  if (!most || still === tensors.length) return 'No tensor moved';
  const least = sorted.findLast((tensor) => measured(tensor, measure) > 0);
  const words = [
    `Most: ${most.name} (${title.toLowerCase()} ${number(measured(most, measure))})`,
    least && least !== most ? `least: ${least.name} (${number(measured(least, measure))})` : '',
    still > 0 ? `${formatQuantity(still, 'tensor')} did not move` : '',
  ];
  return `${words.filter(Boolean).join(', ')}. Colours by logarithm`;
}

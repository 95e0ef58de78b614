// One logged step as the watchdog reads it: the few quantities it knows, whatever the trainer calls them.
import { type Quantity, quantityOf, TAGS } from '../derived/known-tags.ts';
import { TIME_COLUMN } from '../series/extra-columns.ts';

export interface WatchRow {
  readonly step: number;
  /** Unix ms when it was written; null where nobody knows. */
  readonly timeMs: number | null;
  readonly values: ReadonlyMap<Quantity, number>;
}

export interface RowBuilder {
  add(tag: string, step: number, value: number): void;
  /** Hands over what is there: no more of this step will come. */
  flush(): void;
}

/** `emit` gets every step once; of several tags of one quantity the first of the list counts. */
export function createRowBuilder(emit: (row: WatchRow) => void, timeMs: () => number | null): RowBuilder {
  let step: number | null = null;
  let time: number | null = null;
  let values = new Map<Quantity, number>();
  let places = new Map<Quantity, number>();

  const flush = () => {
    if (step !== null && values.size > 0) emit({ step, timeMs: time ?? timeMs(), values });
    step = null;
    time = null;
    values = new Map();
    places = new Map();
  };
  return {
    flush,
    add(tag, ofStep, value) {
      const quantity = quantityOf(tag);
      if (quantity === undefined && tag !== TIME_COLUMN) return;
      if (ofStep !== step) {
        flush();
        step = ofStep;
      }
      if (quantity === undefined) {
        time = value;
        return;
      }
      const place = TAGS[quantity].indexOf(tag);
      if (place > (places.get(quantity) ?? Number.POSITIVE_INFINITY)) return;
      places.set(quantity, place);
      values.set(quantity, value);
    },
  };
}

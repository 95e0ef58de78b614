// Other types of the chosen models' weights, evaluated beside them; those that are not there are made first.
import type { WeightType } from '../../../../core/lib/conversion/gguf-metadata.ts';
import { Checkbox } from '../../../ui/checkbox.tsx';
import styles from './local.module.css';

/** What people run; the other types are made in the view of a model. */
const OFFERED: readonly WeightType[] = ['q8_0', 'q6_k', 'q5_k_m', 'q4_k_m', 'q4_0'];

export function ChooseTypes(props: {
  readonly types: ReadonlySet<WeightType>;
  readonly onTypes: (types: ReadonlySet<WeightType>) => void;
  readonly measure: boolean;
  readonly onMeasure: (measure: boolean) => void;
}) {
  const { types, onTypes, measure, onMeasure } = props;
  return (
    <fieldset className={styles['group']}>
      <legend>Quantizations beside each model</legend>
      <div className={styles['checks']}>
        {OFFERED.map((type) => (
          <Checkbox
            key={type}
            isSelected={types.has(type)}
            onChange={(next) => {
              const changed = new Set(types);
              if (next) changed.add(type);
              else changed.delete(type);
              onTypes(changed);
            }}
          >
            {type.toUpperCase()}
          </Checkbox>
        ))}
        <span className={styles['quiet']}>what is not there is made first, of the same weights</span>
      </div>
      <div className={styles['checks']}>
        <Checkbox isSelected={measure} onChange={onMeasure}>
          Measure speed, memory and bits per byte too
        </Checkbox>
      </div>
    </fieldset>
  );
}

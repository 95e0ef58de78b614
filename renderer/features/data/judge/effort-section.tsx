// How hard the server is asked, when to stop, and what it costs.
import { MAX_CONCURRENCY } from '../../../../core/lib/judges/judgement.ts';
import { NumberField } from '../../../ui/number-field.tsx';
import { Section } from '../../../ui/pane.tsx';
import styles from './setup-form.module.css';
import type { JudgeSetup } from './use-setup.ts';

export function EffortSection({ setup: own }: { readonly setup: JudgeSetup }) {
  const { setup, change } = own;
  return (
    <Section title="Effort and prices">
      <div className={styles['row']}>
        <NumberField
          label="Requests at once"
          value={setup.concurrency}
          onChange={(concurrency) => change({ concurrency })}
          min={1}
          max={MAX_CONCURRENCY}
        />
        <NumberField
          label="Time limit, s"
          value={setup.timeoutSeconds}
          onChange={(timeoutSeconds) => change({ timeoutSeconds })}
          min={1}
          max={290}
        />
        <NumberField
          label="Retries"
          value={setup.retries}
          onChange={(retries) => change({ retries })}
          min={0}
          max={20}
        />
        <NumberField
          label="Stop above, % invalid"
          value={setup.stopInvalid}
          onChange={(stopInvalid) => change({ stopInvalid })}
          min={0}
          max={100}
          placeholder="never"
        />
        <NumberField
          label="Price in, per million"
          value={setup.priceIn}
          onChange={(priceIn) => change({ priceIn })}
          min={0}
          step={0.01}
          placeholder="none"
        />
        <NumberField
          label="Price out, per million"
          value={setup.priceOut}
          onChange={(priceOut) => change({ priceOut })}
          min={0}
          step={0.01}
          placeholder="none"
        />
      </div>
    </Section>
  );
}

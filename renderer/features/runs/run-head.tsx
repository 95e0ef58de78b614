// What can be done with the head that a training run has left.
import type { Run } from '../../../core/api/runs.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Section } from '../../ui/pane.tsx';
import styles from './run-inspector.module.css';

/** Draws nothing for other recipes, while the run goes on, and where it failed before there was a head. */
export function RunHead({ run }: { readonly run: Run }) {
  const left = run.end !== null && (run.end.exitCode === 0 || run.end.exitCode === 143);
  if (run.recipe !== 'train-head' || !left) return null;
  const head = `runs/${run.id}/head.safetensors`;
  // A head of an embedding set takes the vectors of the model that made it.
  const isOfSet = String(run.parameters['data'] ?? '').endsWith('.safetensors');
  const embedder = isOfSet ? ' --embedder FOLDER' : '';
  const command = `nesso quality score FILE${embedder} --heads ${head} -o OUTPUT.parquet`;
  return (
    <Section title="Score with this head" aside={<CopyButton text={command} label="Copy" />}>
      <p className={styles['text']}>
        The best head is {head}, its card head.json beside it; head.ckpt is the same for the JQL annotation
        pipeline.
      </p>
      <code className={styles['command']}>{command}</code>
    </Section>
  );
}

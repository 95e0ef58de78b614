// What can be done with the head that a training run has left.
import { useQuery } from '@tanstack/react-query';
import { Gauge } from 'lucide-react';
import type { Run } from '../../../../core/api/runs.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { href, navigate } from '../../../app/route.ts';
import { useClient, useWorkspace } from '../../../app/session.ts';
import { Menu } from '../../../ui/menu.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Section } from '../../../ui/pane.tsx';
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
      <ScoreMenu head={head} trainedOn={String(run.parameters['data'] ?? '')} />
      <code className={styles['command']}>{command}</code>
    </Section>
  );
}

/** Entries of a menu that a person still reads through. */
const MAX_OFFERED = 40;

/** Opens the score dialog of a dataset with the head chosen; what it was trained on stands first. */
function ScoreMenu({ head, trainedOn }: { readonly head: string; readonly trainedOn: string }) {
  const client = useClient();
  const { readOnly } = useWorkspace();
  const datasets = useQuery({ queryKey: queryKeys.datasets, queryFn: () => client.datasets.list() });
  const offered = (datasets.data ?? [])
    .map(({ path }) => path)
    .toSorted((a, b) => Number(b === trainedOn) - Number(a === trainedOn))
    .slice(0, MAX_OFFERED);
  if (readOnly || offered.length === 0) return null;
  return (
    <div className={styles['action']}>
      <Menu
        label="Score documents with this head"
        icon={Gauge}
        groups={[
          offered.map((path) => ({
            id: path,
            label: path,
            ...(path === trainedOn ? { detail: 'it was trained on these' } : {}),
            perform: () => navigate(href('data', path, { view: 'rows', score: head })),
          })),
        ]}
      >
        Score documents
      </Menu>
    </div>
  );
}

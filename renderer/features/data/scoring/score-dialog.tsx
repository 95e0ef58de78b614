// Asks which heads score a dataset over which embedder, and where the scores go. The work itself goes on after the dialog is closed.
import { useEffect, useRef, useState } from 'react';
import type { EmbedderRef } from '../../../../core/api/embedders.ts';
import { useAvailableCommands } from '../../../app/commands.ts';
import { describeError } from '../../../app/describe-error.ts';
import { type OutputFailure, outputFailure } from '../../../app/output-dialog.tsx';
import { runCommand } from '../../../app/key-listener.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Progress } from '../../../ui/progress.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { stemBeside } from '../output/file-names.ts';
import { TRAIN_COMMAND } from '../train/train-command.ts';
import { useDataset } from '../use-dataset.ts';
import { EmbedderField } from './embedder-field.tsx';
import { HeadChoice } from './head-choice.tsx';
import { ScorePreview } from './score-preview.tsx';
import { startScoring } from './score-run.ts';
import styles from './scoring.module.css';
import { useEmbedders, useHeads } from './scoring-queries.ts';
import { suggestedEmbedder } from './suggested-embedder.ts';

export function ScoreDialog(props: {
  readonly path: string;
  /** A head that is chosen already, by its path. */
  readonly linkedHead: string | null;
  readonly onClose: () => void;
}) {
  const { path, linkedHead, onClose } = props;
  const client = useClient();
  const heads = useHeads();
  const embedders = useEmbedders();
  const train = useAvailableCommands().find(({ id }) => id === TRAIN_COMMAND);
  const { opening } = useDataset(path);
  const dataset = opening.kind === 'ready' ? opening.dataset : null;
  /** Null: the one that the first chosen head was trained over. */
  const [wanted, setWanted] = useState<EmbedderRef | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(linkedHead === null ? [] : [linkedHead]));
  const [column, setColumn] = useState<string | null>(null);
  const [stem, setStem] = useState(stemBeside(path, 'scored'));
  const [overwrite, setOverwrite] = useState(false);
  const [failure, setFailure] = useState<OutputFailure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const controller = useRef<AbortController | null>(null);
  useEffect(() => () => controller.current?.abort(), []);

  const all = heads.data ?? [];
  const embedder =
    wanted ??
    suggestedEmbedder(
      all.find(({ path: file }) => chosen.has(file)),
      embedders.data ?? [],
    );
  const model = embedder.kind === 'model' ? embedders.data?.find((one) => one.path === embedder.path) : null;
  const width = model?.dimensions ?? null;
  const picked = all.filter((head) => chosen.has(head.path) && (width === null || head.inputs === width));
  const texts = dataset?.columns.filter(({ type }) => type === 'VARCHAR') ?? [];
  const textColumn = column ?? dataset?.textColumn ?? null;
  const named = picked.map((head) => ({ name: head.name, path: head.path }));
  const isComplete = picked.length > 0 && stem.trim() !== '' && textColumn !== null;
  const forget = () => {
    setFailure(null);
    setOverwrite(false);
  };

  const start = async () => {
    if (!isComplete || isBusy) return;
    const current = new AbortController();
    controller.current = current;
    setBusy(true);
    setFailure(null);
    try {
      const output = `${stem.trim()}.parquet`;
      const order = { path, heads: named, embedder, textColumn, output, overwrite };
      await startScoring(client, order, current.signal);
      controller.current = null;
      onClose();
    } catch (error) {
      if (!current.signal.aborted) {
        setFailure(outputFailure(error));
      }
      setBusy(false);
    }
  };
  const problem = heads.error ?? embedders.error;
  return (
    <Dialog
      title="Score documents"
      isOpen
      onClose={onClose}
      width="wide"
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" isDisabled={!isComplete || isBusy} onPress={() => void start()}>
            Score
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        {problem ? <ErrorState compact {...describeError(problem)} /> : null}
        <EmbedderField
          embedders={embedders.data ?? []}
          value={embedder}
          onChange={(next) => {
            setWanted(next);
            forget();
          }}
          isDisabled={isBusy}
        />
        <HeadChoice heads={all} chosen={chosen} onChange={setChosen} width={width} isDisabled={isBusy} />
        {heads.data?.length === 0 && train ? (
          <div>
            <Button
              isDisabled={isBusy}
              onPress={() => {
                onClose();
                runCommand(train);
              }}
            >
              Train a head…
            </Button>
          </div>
        ) : null}
        <div className={styles['halves']}>
          <Select
            label="Text column"
            choices={texts.map(({ name }) => ({ id: name, label: name }))}
            value={textColumn}
            onChange={setColumn}
            isDisabled={isBusy}
          />
          <TextField
            label="File (.parquet)"
            value={stem}
            onChange={(next) => {
              setStem(next);
              forget();
            }}
            onSubmit={() => void start()}
            isDisabled={isBusy}
            mono
          />
        </div>
        <ScorePreview
          path={path}
          heads={named}
          embedder={embedder}
          textColumn={textColumn}
          isDisabled={isBusy || textColumn === null}
        />
        {failure === null ? null : (
          <p role="alert" className={styles['failure']}>
            {failure.text}
          </p>
        )}
        {failure?.exists ? (
          <Checkbox isSelected={overwrite} onChange={setOverwrite}>
            Replace the file that is there
          </Checkbox>
        ) : null}
        {isBusy ? (
          <Progress
            label={embedder.kind === 'model' ? 'Loading the model' : 'Starting'}
            fraction={null}
            onCancel={() => controller.current?.abort()}
          />
        ) : (
          <p className={styles['hint']}>
            A new file with every column and one score column a head; where the scores come from is written
            into it and beside it. The activity panel shows how far it is
          </p>
        )}
      </div>
    </Dialog>
  );
}

// Asks which model to download from the hub, and shows how far it is. A download that was stopped goes on when asked again.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { knownModels } from '../../../../core/lib/embedding/known-models.ts';
import { errorText, isAbort } from '../../../app/describe-error.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { formatDiskSize } from '../../../ui/format.ts';
import { Progress } from '../../../ui/progress.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { keepToken, keepsTokens, readToken } from '../../../app/hub-token.ts';
import styles from './scoring.module.css';
import { embeddersKey } from './scoring-queries.ts';

const OTHER = '-other-';
const variants = [
  { id: 'best', label: 'Most exact', detail: 'fp32: scores as the heads were trained' },
  { id: 'fp16', label: 'fp16', detail: 'Half the size, as fast' },
  { id: 'int8', label: 'int8', detail: 'A quarter of the size, faster; scores differ' },
  { id: 'quantized', label: 'quantized', detail: 'What Transformers.js calls its 8-bit file' },
] as const;

export function PullDialog(props: {
  readonly onClose: () => void;
  readonly onPulled: (path: string, variant: string) => void;
}) {
  const client = useClient();
  const queries = useQueryClient();
  const [known, setKnown] = useState<string>(knownModels[0]?.id ?? OTHER);
  const [other, setOther] = useState('');
  const [variant, setVariant] = useState<(typeof variants)[number]['id']>('best');
  const [token, setToken] = useState('');
  const [failure, setFailure] = useState<string | null>(null);
  const [progress, setProgress] = useState<{ doneBytes: number; totalBytes: number } | null>(null);
  const controller = useRef<AbortController | null>(null);
  useEffect(() => {
    void readToken().then(setToken, () => undefined);
    return () => controller.current?.abort();
  }, []);
  const id = known === OTHER ? other.trim() : known;
  const isBusy = progress !== null;

  const pull = async () => {
    if (id === '' || isBusy) return;
    const current = new AbortController();
    controller.current = current;
    setFailure(null);
    setProgress({ doneBytes: 0, totalBytes: 0 });
    try {
      await keepToken(token.trim());
      const events = await client.embedders.pull(
        { id, revision: null, variant: variant === 'best' ? null : variant, token: token.trim() || null },
        { signal: current.signal },
      );
      for await (const event of events) {
        if (event.kind === 'progress') setProgress(event);
        else {
          await queries.invalidateQueries({ queryKey: embeddersKey });
          props.onPulled(event.path, event.variant);
        }
      }
    } catch (error) {
      if (current.signal.aborted || isAbort(error)) {
        setFailure('Stopped. What was downloaded is kept: downloading again goes on from there');
      } else setFailure(errorText(error));
      setProgress(null);
    }
  };
  return (
    <Dialog
      title="Download an embedding model"
      isOpen
      onClose={props.onClose}
      actions={
        <>
          <Button onPress={props.onClose}>Cancel</Button>
          <Button kind="primary" isDisabled={id === '' || isBusy} onPress={() => void pull()}>
            Download
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        <Select
          label="Model on the Hugging Face hub"
          choices={[
            ...knownModels.map((model) => ({
              id: model.id,
              label: model.title,
              detail: `${model.note} · ${formatDiskSize(model.sizeBytes)}`,
            })),
            { id: OTHER, label: 'Another…', detail: 'By its name, owner/name; it needs an ONNX file' },
          ]}
          value={known}
          onChange={setKnown}
          isDisabled={isBusy}
        />
        {known === OTHER ? (
          <TextField
            label="Name"
            value={other}
            onChange={setOther}
            onSubmit={() => void pull()}
            placeholder="owner/name"
            isDisabled={isBusy}
            autoFocus
            mono
          />
        ) : null}
        <Select
          label="Variant"
          choices={variants}
          value={variant}
          onChange={setVariant}
          isDisabled={isBusy}
        />
        <TextField
          label="Token"
          value={token}
          onChange={setToken}
          placeholder="Only for models that ask for one"
          hint={
            keepsTokens
              ? 'Kept in the keychain of this computer'
              : 'Kept until this tab is closed: a browser has no safe place for it'
          }
          isDisabled={isBusy}
          isSecret
        />
        {failure === null ? null : (
          <p role="alert" className={styles['failure']}>
            {failure}
          </p>
        )}
        {progress === null ? null : (
          <Progress
            label={`Downloading ${id}`}
            fraction={progress.totalBytes === 0 ? null : progress.doneBytes / progress.totalBytes}
            amount={
              progress.totalBytes === 0
                ? 'Asking the hub'
                : `${formatDiskSize(progress.doneBytes)} of ${formatDiskSize(progress.totalBytes)}`
            }
            onCancel={() => controller.current?.abort()}
          />
        )}
      </div>
    </Dialog>
  );
}

// Whether a model is still the model it came from: the report that is kept beside it, and a way to make it.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { describeError } from '../../../app/describe-error.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient, useWorkspace } from '../../../app/session.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatDateTime } from '../../../ui/format.ts';
import { Progress } from '../../../ui/progress.tsx';
import { Select } from '../../../ui/select.tsx';
import { BESIDE, folderChoices, useTokenizerChoices, useWeightsFolders } from '../weights-choices.ts';
import { ParityReportView } from './parity-report.tsx';
import styles from './verify.module.css';
import { startVerification, verifyWork } from './verify-work.ts';

export function VerificationTab({ path }: { readonly path: string }) {
  const client = useClient();
  const kept = useQuery({
    queryKey: queryKeys.parityReport(path),
    queryFn: () => client.conversion.report({ model: path }),
  });
  const work = verifyWork.use(path);
  return (
    <div className={styles['scrolling']}>
      {work?.kind === 'working' ? (
        <div className={styles['progress']}>
          <Progress
            label="Comparing tokens, template and probabilities"
            fraction={work.share}
            onCancel={() => verifyWork.cancel(path)}
          />
        </div>
      ) : (
        <VerifyForm path={path} source={kept.data?.record.source ?? null} isAgain={kept.data != null} />
      )}
      {work?.kind === 'failed' ? <ErrorState compact {...describeError(work.error)} /> : null}
      {kept.data ? (
        <>
          <ParityReportView report={kept.data.record.report} />
          <p className={`${styles['about']} ${styles['form']}`}>
            {`Compared with ${kept.data.record.source}, ${formatDateTime(kept.data.record.verifiedMs)}. `}
            {kept.data.isCurrent ? null : <Badge tone="warn">The model changed since then</Badge>}
          </p>
        </>
      ) : null}
    </div>
  );
}

function VerifyForm({
  path,
  source,
  isAgain,
}: {
  readonly path: string;
  readonly source: string | null;
  readonly isAgain: boolean;
}) {
  const client = useClient();
  const queries = useQueryClient();
  const { readOnly } = useWorkspace();
  const folders = useWeightsFolders();
  const tokenizers = useTokenizerChoices();
  const [chosen, setChosen] = useState<string | null>(null);
  const [tokenizer, setTokenizer] = useState<string>(BESIDE);
  const folder = chosen ?? likelySource(path, source, folders);
  return (
    <>
      <p className={styles['about']} style={{ padding: 'var(--space-3) var(--space-3) 0' }}>
        {isAgain
          ? 'The report below stays until the model is verified again.'
          : 'Runs the source weights and this file on the same texts, conversations and prompts: they must give the same tokens, the same prompt text and nearly the same probabilities.'}
      </p>
      <div className={styles['form']}>
        <Select
          label="Source weights"
          choices={folderChoices(folders)}
          value={folder}
          onChange={setChosen}
          placeholder={folders.length === 0 ? 'No folder of weights here' : 'Choose…'}
          isDisabled={folders.length === 0}
        />
        <Select label="Tokenizer" choices={tokenizers} value={tokenizer} onChange={setTokenizer} />
        <Button
          kind="primary"
          isDisabled={readOnly || folder === null}
          onPress={() => {
            if (folder === null) return;
            const order = { model: path, source: folder, tokenizer: tokenizer === BESIDE ? null : tokenizer };
            startVerification({ client, queries }, order);
          }}
        >
          {isAgain ? 'Verify again' : 'Verify'}
        </Button>
      </div>
    </>
  );
}

/** The one it was compared with before, the weights of its own checkpoint, or the only ones there are. */
function likelySource(
  path: string,
  before: string | null,
  folders: readonly { readonly path: string }[],
): string | null {
  const has = (wanted: string | null) => folders.find((folder) => folder.path === wanted)?.path ?? null;
  const beside = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  return (
    has(before) ??
    has(`${beside}/weights`) ??
    has(beside) ??
    folders.find((folder) => folder.path.startsWith(`${beside}/`))?.path ??
    (folders.length === 1 ? (folders[0]?.path ?? null) : null)
  );
}

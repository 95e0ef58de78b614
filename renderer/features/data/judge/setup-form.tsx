// The question: which judge, which server, which documents, how hard to try; what it will cost; and the start.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { JudgingEstimateResult } from '../../../../core/api/judges.ts';
import { fileSafeName } from '../../../../core/lib/annotations/campaign.ts';
import { describeError } from '../../../app/describe-error.ts';
import { navigate } from '../../../app/route.ts';
import { useClient, useWorkspace } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { slugOf } from '../output/file-names.ts';
import { DocumentsSection } from './documents-section.tsx';
import { EffortSection } from './effort-section.tsx';
import { EstimateView } from './estimate-view.tsx';
import { judgeHref } from './place.ts';
import { useServerKey } from './server-key.ts';
import { ServerSection } from './server-section.tsx';
import styles from './setup-form.module.css';
import { TemplateSection } from './template-section.tsx';
import { startTries, stopTries, TRIED_DOCUMENTS, useTries } from './tries.ts';
import { judgesKey, useJudgeSetup } from './use-setup.ts';

export function SetupForm(props: {
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names of judgements that are there. */
  readonly taken: ReadonlySet<string>;
}) {
  const { path, query, taken } = props;
  const own = useJudgeSetup(path, query);
  const { setup, question, judge } = own;
  const client = useClient();
  const queries = useQueryClient();
  const { readOnly } = useWorkspace();
  const server = useServerKey(setup.baseUrl);
  const tries = useTries(path);
  const [given, setGiven] = useState<string | null>(null);
  const [busy, setBusy] = useState<'estimate' | 'start' | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [estimate, setEstimate] = useState<{
    readonly of: string;
    readonly result: JudgingEstimateResult;
    readonly isMeasured: boolean;
  } | null>(null);
  const key = setup.usesKey && server.key !== '' ? server.key : null;
  const name = given ?? freeName(`${setup.judge}-${setup.model.split('/').at(-1) ?? ''}`, taken);
  const judgement = fileSafeName.safeParse(slugOf(name)?.slice(0, 64)).data ?? null;
  const isTaken = judgement !== null && taken.has(judgement);
  const needsModel = setup.model.trim() === '';
  const asked = JSON.stringify(question);

  const attempt = async (what: 'estimate' | 'start', work: () => Promise<void>) => {
    setBusy(what);
    setFailure(null);
    try {
      await work();
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(null);
    }
  };
  const makeEstimate = () =>
    attempt('estimate', async () => {
      if (question === null) return;
      // The estimate asks no server, so a model may be named later.
      const endpoint = { ...question.endpoint, model: question.endpoint.model || 'none' };
      const measured = tries.measured ?? {
        answerTokens: null,
        documentsPerSecond: null,
        sharedPrompt: false,
      };
      const result = await client.judges.estimate({ question: { ...question, endpoint }, ...measured });
      setEstimate({ of: asked, result, isMeasured: tries.measured !== null });
    });
  const start = () =>
    attempt('start', async () => {
      if (question === null || judgement === null) return;
      await client.judges.start({ judgement, question, key });
      await queries.invalidateQueries({ queryKey: judgesKey });
      setGiven(null);
      navigate(judgeHref(path, { judgement }));
    });
  const isReady = question !== null && !needsModel;

  return (
    <>
      <div className={styles['form']} role="region" aria-label="Question">
        <TemplateSection setup={own} readOnly={readOnly} />
        <ServerSection setup={own} server={server} />
        <DocumentsSection setup={own} path={path} query={query} />
        <EffortSection setup={own} />
      </div>
      <div className={styles['footer']}>
        {failure === null ? null : <ErrorState {...describeError(failure)} compact />}
        {estimate === null ? null : (
          <EstimateView
            estimate={estimate.result}
            isStale={estimate.of !== asked}
            isMeasured={estimate.isMeasured}
          />
        )}
        <div className={styles['start']}>
          <TextField
            label="Name"
            value={name}
            onChange={setGiven}
            hint={
              judgement === null
                ? 'Letters and digits'
                : isTaken
                  ? 'There is a judgement of this name already'
                  : `judgements/${judgement}/`
            }
          />
          <span className={styles['buttons']}>
            <Button
              isDisabled={question === null || busy !== null}
              isPending={busy === 'estimate'}
              onPress={() => void makeEstimate()}
            >
              Estimate
            </Button>
            {tries.isRunning ? (
              <Button onPress={stopTries}>Stop trying</Button>
            ) : (
              <Button
                isDisabled={!isReady}
                onPress={() => {
                  if (question !== null && judge !== null)
                    void startTries(client, question, key, { ...judge, rule: setup.rule });
                }}
              >
                Try on {TRIED_DOCUMENTS} documents
              </Button>
            )}
            <Button
              kind="primary"
              isDisabled={!isReady || judgement === null || isTaken || readOnly || busy !== null}
              isPending={busy === 'start'}
              onPress={() => void start()}
            >
              Start judging
            </Button>
          </span>
        </div>
        {readOnly ? (
          <p className={styles['note']}>This workspace can only be read; trying writes nothing</p>
        ) : null}
        {needsModel ? (
          <p className={styles['note']}>Name a model to try or start; Check lists those of the server</p>
        ) : null}
      </div>
    </>
  );
}

/** `educational-judge-1`, and the first number that makes it new. */
function freeName(wish: string, taken: ReadonlySet<string>): string {
  const base = (slugOf(wish) ?? 'judgement').slice(0, 58).replace(/[-.]+$/, '');
  for (let count = 1; count < 1000; count += 1) {
    const name = count === 1 ? base : `${base}-${count}`;
    if (!taken.has(name)) return name;
  }
  return base;
}

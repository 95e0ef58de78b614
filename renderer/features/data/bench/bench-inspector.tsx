// The right pane of the bench: the documents behind a cell, a bar or a point, those on which people and the source differ most first.
import { useQuery } from '@tanstack/react-query';
import type { BenchDisagreement } from '../../../../core/api/judge-bench.ts';
import type { BenchReport } from '../../../../core/lib/judge-bench/bench-report.ts';
import { languageName } from '../../../../core/lib/judge-bench/bench.ts';
import { choiceSentence, choiceText } from '../../../../core/lib/judge-bench/document-choice.ts';
import { describeError } from '../../../app/describe-error.ts';
import type { PaneProps } from '../../../app/feature.ts';
import { filesKey } from '../../../app/query-keys.ts';
import { href, navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatFixed, formatInteger, formatQuantity, formatSigned } from '../../../ui/format.ts';
import { Pane, PaneHeader, PaneHint } from '../../../ui/pane.tsx';
import { Select } from '../../../ui/select.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import styles from './bench-inspector.module.css';
import { useBenchState } from './bench-store.ts';
import { benchHref, readBenchPlace, requestOf } from './place.ts';
import { cellTitle } from './spearman-view.tsx';
import { benchKey } from './use-bench.ts';

const LIMIT = 30;

export function BenchInspector({ argument, query }: PaneProps) {
  const place = readBenchPlace(argument ?? '', query);
  const { report } = useBenchState(benchKey(place));
  const client = useClient();
  const { source, language, only } = place;
  const isChosen = only !== null || source !== null;
  const choice = only === null ? null : choiceText(only);
  const found = useQuery({
    queryKey: [...filesKey, 'bench-disagreements', benchKey(place), source, language, choice],
    queryFn: ({ signal }) =>
      client.judgeBench.disagreements(
        { ...requestOf(place), row: source, language, only, limit: LIMIT },
        { signal },
      ),
    enabled: isChosen,
  });
  if (!isChosen) {
    return (
      <Pane header={<PaneHeader title="Documents behind a number" />}>
        <PaneHint>
          Choose a cell, a bar or a point to read its documents, those on which people and the source differ
          most first
        </PaneHint>
      </Pane>
    );
  }
  const { data, error } = found;
  const path = data?.path ?? null;
  return (
    <Pane
      header={
        <PaneHeader
          title={source ?? 'People'}
          detail={language === null ? 'all languages' : languageName(language)}
        />
      }
    >
      {report && source !== null && report.rows.length > 1 ? (
        <div className={styles['source']}>
          <Select
            label="Judge or head"
            choices={report.rows.map(({ name }) => ({ id: name, label: name }))}
            value={source}
            onChange={(next) => navigate(benchHref({ ...place, source: next }))}
          />
        </div>
      ) : null}
      {only === null ? (
        <p className={styles['facts']}>
          {report && source !== null ? factsOf(report, source, language) : ''}
        </p>
      ) : (
        <p className={styles['facts']} role="status">
          {data ? `${howMany(data.total, data.documents.length)}, ` : ''}
          {choiceSentence(only, source)}
        </p>
      )}
      {error ? (
        <ErrorState compact {...describeError(error)} />
      ) : data ? (
        <ol
          className={styles['list']}
          aria-label={only === null ? 'Largest disagreements' : 'Chosen documents'}
        >
          {data.documents.map((document) => (
            <Item
              key={`${document.id} ${document.language}`}
              document={document}
              source={source}
              path={path}
              namesLanguage={language === null}
            />
          ))}
        </ol>
      ) : (
        <Skeleton label="Looking for documents" rows={6} />
      )}
    </Pane>
  );
}

function howMany(total: number, shown: number): string {
  const all = formatQuantity(total, 'document');
  return shown < total ? `The first ${formatInteger(shown)} of ${all}` : all;
}

function Item(props: {
  readonly document: BenchDisagreement;
  readonly source: string | null;
  readonly path: string | null;
  readonly namesLanguage: boolean;
}) {
  const { document, source, path, namesLanguage } = props;
  const { id, row, language, truth, prediction, text } = document;
  return (
    <li>
      <div className={styles['scores']}>
        <span>
          people <b>{short(truth)}</b>
        </span>
        {source === null ? null : (
          <span>
            {source} <b>{prediction === null ? 'invalid' : short(prediction)}</b>
          </span>
        )}
        {namesLanguage && language !== '' ? <span>{languageName(language)}</span> : null}
        {prediction === null ? null : (
          <span className={styles['difference']}>{signed(prediction - truth)}</span>
        )}
      </div>
      <div className={styles['id']}>
        {path === null || row === null ? (
          id
        ) : (
          <Button kind="quiet" onPress={() => navigate(href('data', path, { view: 'rows', row }))}>
            {id}
          </Button>
        )}
      </div>
      <p className={styles['text']}>{text ?? 'The text is not known here'}</p>
    </li>
  );
}

function factsOf(report: BenchReport, source: string, language: string | null): string {
  const row = report.rows.findIndex(({ name }) => name === source);
  if (language === null) {
    const mean = report.rows[row]?.spearman.all.value ?? null;
    return `ρ ${mean === null ? 'not known' : formatFixed(mean, 4)}, mean of languages`;
  }
  return cellTitle(report, row, report.languages.indexOf(language)) ?? '';
}

function short(value: number): string {
  return String(Math.round(100 * value) / 100);
}

function signed(value: number): string {
  return formatSigned(value, 2);
}

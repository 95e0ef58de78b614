// The left pane: models of the workspace, those of one run together, and below the conversations.
import { useQuery } from '@tanstack/react-query';
import type { ModelSummary } from '../../../core/api/models.ts';
import { describeError } from '../../app/describe-error.ts';
import type { PaneProps } from '../../app/feature.ts';
import { OmittedFiles } from '../../app/omitted-files.tsx';
import { queryKeys } from '../../app/query-keys.ts';
import { href, navigate } from '../../app/route.ts';
import { useClient } from '../../app/session.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { fileName, formatCount, formatDiskSize, formatInteger, formatQuantity } from '../../ui/format.ts';
import { ListView } from '../../ui/list-view.tsx';
import { Pane, PaneHeader, Section } from '../../ui/pane.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { TwoLineRow } from '../../ui/two-line-row.tsx';
import { ParityMark } from './verify/parity-badge.tsx';
import styles from './model-list.module.css';
import { ConversationList } from './chat/conversation-list.tsx';
import { SizedList } from './sized-list.tsx';
import { ServerPanel } from './server/server-panel.tsx';
import { WeightsList } from './weights-list.tsx';

export function ModelListPane({ argument, query }: PaneProps) {
  const client = useClient();
  const models = useQuery({ queryKey: queryKeys.models, queryFn: () => client.models.list() });
  const groups = groupsOf(models.data ?? []);
  const repeated = repeatedNames(models.data ?? []);
  return (
    <Pane header={<PaneHeader title="Models" detail={models.data ? String(models.data.length) : ''} />}>
      {models.data ? (
        groups.map(({ title, models: own }) =>
          title === null ? (
            <Models key="loose" label="Models" models={own} repeated={repeated} chosen={argument} />
          ) : (
            <Section key={title} title={title} aside={formatQuantity(own.length, 'model')}>
              <div className={styles['group']}>
                <Models label={`Models of ${title}`} models={own} repeated={repeated} chosen={argument} />
              </div>
            </Section>
          ),
        )
      ) : models.error ? (
        <ErrorState compact {...describeError(models.error)} />
      ) : (
        <Skeleton label="Loading the list of models" />
      )}
      <OmittedFiles />
      <ConversationList modelPath={argument} chosen={query.get('chat')} />
      <ServerPanel />
      <WeightsList chosen={argument} />
    </Pane>
  );
}

interface Group {
  /** The run; null for models that are of none. */
  readonly title: string | null;
  readonly models: readonly ModelSummary[];
}

/** Runs by name, the newest step of each first; then the others as they lie in the workspace. */
function groupsOf(models: readonly ModelSummary[]): readonly Group[] {
  const runs = new Map<string, ModelSummary[]>();
  for (const model of models)
    if (model.origin) runs.set(model.origin.runName, [...(runs.get(model.origin.runName) ?? []), model]);
  const ofRuns = [...runs]
    .toSorted(([left], [right]) => left.localeCompare(right))
    .map(([title, own]) => ({
      title,
      models: own.toSorted((left, right) => (right.origin?.step ?? 0) - (left.origin?.step ?? 0)),
    }));
  const loose = models.filter(({ origin }) => origin === null);
  return loose.length > 0 || ofRuns.length === 0 ? [...ofRuns, { title: null, models: loose }] : ofRuns;
}

/** Names that several files outside of runs give themselves: those files are told apart by their own names. */
function repeatedNames(models: readonly ModelSummary[]): ReadonlySet<string> {
  const names = models.filter(({ origin }) => origin === null).map(({ name }) => name);
  return new Set(names.filter((name, index) => names.indexOf(name) !== index));
}

function Models({
  label,
  models,
  repeated,
  chosen,
}: {
  readonly label: string;
  readonly models: readonly ModelSummary[];
  readonly repeated: ReadonlySet<string>;
  readonly chosen: string | null;
}) {
  return (
    <SizedList rows={models.length}>
      <ListView
        label={label}
        items={models}
        idOf={(model) => model.path}
        textOf={(model) => `${nameOf(model)} ${model.path}`}
        selectedId={chosen}
        onOpen={(path) => navigate(href('models', path))}
        hrefOf={(model) => href('models', model.path)}
        rowHeightPx={46}
        renderItem={(model) => <ModelRow model={model} isRepeated={repeated.has(model.name)} />}
        empty={<p className={styles['empty']}>No GGUF files in the models folder of this workspace yet</p>}
      />
    </SizedList>
  );
}

/** `zagreus/model-q8_0.gguf`: what tells two files of one name apart. */
function withFolder(path: string): string {
  return path.split('/').slice(-2).join('/');
}

/** Under its run, a model is its step. */
function nameOf({ name, origin }: ModelSummary): string {
  return origin ? `Step ${formatInteger(origin.step)}` : name;
}

function ModelRow({
  model,
  isRepeated,
}: {
  readonly model: ModelSummary;
  /** Another file gives itself the same name. */
  readonly isRepeated: boolean;
}) {
  const detail = model.problem
    ? // The name stands above.
      [model.problem.replace(`${fileName(model.path)} cannot be loaded. `, '')]
    : [
        // What tells it apart from the other comes first: the end of the line may be cut.
        isRepeated && model.origin === null
          ? `${model.quantization ?? ''} ${withFolder(model.path)}`.trim()
          : model.parameters === null
            ? ''
            : `${formatCount(model.parameters)} parameters`,
        isRepeated && model.origin === null ? '' : (model.quantization ?? ''),
        formatDiskSize(model.sizeBytes),
        model.origin?.tokens ? `${formatCount(model.origin.tokens)} tokens` : '',
      ];
  return (
    <TwoLineRow
      name={nameOf(model)}
      title={model.path}
      detail={detail.filter((part) => part !== '').join(' · ')}
      isProblem={model.problem !== null}
      aside={<ParityMark verification={model.verification} />}
    />
  );
}

// Asks what a head is trained from: labels, vectors, which documents; everything else has the values of the published heads.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DatasetInfo } from '../../../../core/api/dataset-shape.ts';
import type { EmbedderSummary } from '../../../../core/api/embedders.ts';
import type { Recipe } from '../../../../core/api/runs.ts';
import { describeError } from '../../../app/describe-error.ts';
import { filesKey, queryKeys } from '../../../app/query-keys.ts';
import { href, navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { useAttempt } from '../../../app/use-attempt.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { fileName, formatInteger } from '../../../ui/format.ts';
import { NumberField } from '../../../ui/number-field.tsx';
import { Select } from '../../../ui/select.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { ParameterField, type ParameterValue } from '../../runs/index.tsx';
import { useDataset } from '../use-dataset.ts';
import { modelChoices } from './model-choices.ts';
import { columnNamed, idNames, labelColumns, languageNames } from './train-columns.ts';
import { RECIPE, startTraining } from './train-order.ts';
import styles from './train-dialog.module.css';

export function TrainDialog({ path, onClose }: { readonly path: string; readonly onClose: () => void }) {
  const client = useClient();
  const { opening } = useDataset(path);
  const recipes = useQuery({ queryKey: queryKeys.recipes, queryFn: () => client.runs.recipes() });
  const embedders = useQuery({
    queryKey: [...filesKey, 'embedders'],
    queryFn: () => client.embedders.list(),
    // A model may have come since the last time.
    refetchOnMount: 'always',
  });
  const recipe = recipes.data?.find(({ id }) => id === RECIPE);
  if (opening.kind === 'ready' && opening.dataset.path === path && recipe && embedders.data) {
    return (
      <TrainForm dataset={opening.dataset} recipe={recipe} embedders={embedders.data} onClose={onClose} />
    );
  }
  const problem = opening.kind === 'failed' ? opening.error : (recipes.error ?? embedders.error);
  return (
    <Dialog title="Train a head" isOpen onClose={onClose} width="wide">
      {problem ? (
        <ErrorState compact {...describeError(problem)} />
      ) : (
        <Skeleton label="Reading the dataset" />
      )}
    </Dialog>
  );
}

/** What is asked at the top, by the names of the recipe; the rest stands under "More". */
const askedAbove = new Set(['sampling', 'limit', 'languages']);
const setByForm = new Set(['data', 'textColumn', 'labelColumn', 'idColumn', 'languageColumn', 'pauseMs']);
const BUILTIN = 'builtin';

function TrainForm(props: {
  readonly dataset: DatasetInfo;
  readonly recipe: Recipe;
  readonly embedders: readonly EmbedderSummary[];
  readonly onClose: () => void;
}) {
  const { dataset, recipe, embedders, onClose } = props;
  const { columns } = dataset;
  const client = useClient();
  const labels = labelColumns(columns);
  const [label, setLabel] = useState(labels[0]?.name ?? null);
  const [text, setText] = useState(dataset.textColumn);
  const [id, setId] = useState(columnNamed(columns, idNames) ?? '');
  const [language, setLanguage] = useState(columnNamed(columns, languageNames) ?? '');
  const [embedder, setEmbedder] = useState(BUILTIN);
  const [name, setName] = useState<string | null>(null);
  const [changed, setChanged] = useState<Readonly<Record<string, ParameterValue>>>({});
  const { isBusy, failure: problem, attempt } = useAttempt();
  const valueOf = (parameter: string): ParameterValue =>
    changed[parameter] ?? recipe.parameters.find((one) => one.name === parameter)?.default ?? '';
  const change = (parameter: string, value: ParameterValue) => setChanged({ ...changed, [parameter]: value });
  const models = modelChoices(embedders);
  const model = models.find((one) => one.id === embedder) ?? null;
  const runName = name ?? `Head: ${label ?? 'labels'} of ${fileName(dataset.path)}`;
  const isDirect = model === null && dataset.kind === 'file';
  const isReady = label !== null && text !== null && runName.trim() !== '' && !isBusy;

  const train = async () => {
    if (label === null || text === null) return;
    await attempt(async () => {
      const run = await startTraining(client, {
        path: dataset.path,
        name: runName,
        embedder:
          model === null
            ? { kind: 'builtin', dimensions: Number(valueOf('ngramDimensions')) }
            : { kind: 'model', path: model.path, variant: model.variant, maxLength: null },
        isDirect,
        textColumn: text,
        labelColumn: label,
        idColumn: id === '' ? null : id,
        languageColumn: language === '' ? null : language,
        parameters: changed,
      });
      onClose();
      if (run !== null) navigate(href('runs', run.id));
    });
  };

  const texts = columns.filter(({ numeric }) => !numeric);
  const named = (list: typeof columns) => list.map((column) => ({ id: column.name, label: column.name }));
  const orNone = (list: typeof columns, none: string) => [{ id: '', label: none }, ...named(list)];
  return (
    <Dialog
      title="Train a head"
      isOpen
      onClose={onClose}
      width="wide"
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" isDisabled={!isReady} onPress={() => void train()}>
            {isBusy ? 'Starting' : isDirect ? 'Train' : 'Embed and train'}
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        <p className={styles['about']}>
          A head is a small network that predicts a rating from the embedding of a text. It learns from nine
          tenths of the {formatInteger(dataset.rows)} rows; the other tenth tells how well it ranks documents
          it has not seen.
        </p>
        {labels.length === 0 ? (
          <ErrorState
            compact
            title={`${fileName(dataset.path)} has no column of numbers to learn from`}
            details=""
            hint="Annotate documents or judge them first, or open a dataset with ratings"
          />
        ) : null}
        <div className={styles['pair']}>
          <Select label="Labels" choices={named([...labels])} value={label} onChange={setLabel} />
          <Select label="Text" choices={named(texts)} value={text} onChange={setText} />
          <Select
            label="Embedder"
            choices={[
              {
                id: BUILTIN,
                label: 'Built-in n-grams',
                detail: 'Knows spelling and phrases, not meaning; needs no download',
              },
              ...models,
            ]}
            value={embedder}
            onChange={setEmbedder}
          />
          <Select
            label="Sampling"
            choices={[
              { id: 'natural', label: 'Natural', detail: 'Documents as they come' },
              { id: 'balanced', label: 'Balanced', detail: 'As many of each rating as there are' },
            ]}
            value={String(valueOf('sampling')) as 'natural' | 'balanced'}
            onChange={(value) => change('sampling', value)}
          />
          <Select
            label="Id: same id, same side of the hold-out"
            choices={orNone([...columns], 'None: every row is a document')}
            value={id}
            onChange={setId}
          />
          <Select
            label="Language: told apart in validation"
            choices={orNone(texts, 'None: one language')}
            value={language}
            onChange={setLanguage}
          />
          <NumberField
            label="Training documents at most"
            placeholder="All"
            value={Number(valueOf('limit')) || null}
            min={0}
            onChange={(value) => change('limit', value ?? 0)}
          />
          <TextField
            label="Only these languages"
            placeholder="All"
            value={String(valueOf('languages'))}
            onChange={(value) => change('languages', value)}
          />
        </div>
        <TextField label="Name of the run" value={runName} onChange={setName} />
        <details className={styles['more'] ?? ''}>
          <summary>More: network, optimiser, early stop</summary>
          <div className={styles['parameters']}>
            {recipe.parameters
              .filter((one) => !askedAbove.has(one.name) && !setByForm.has(one.name))
              .filter((one) => one.name !== 'ngramDimensions' || model === null)
              .map((parameter) => (
                <ParameterField
                  key={parameter.name}
                  parameter={parameter}
                  value={valueOf(parameter.name)}
                  onChange={(value) => change(parameter.name, value)}
                />
              ))}
          </div>
        </details>
        {isDirect ? null : (
          <p className={styles['about']}>
            The documents are embedded first, which the activity panel shows; the run starts by itself when
            they are. What is embedded is kept and not computed again.
          </p>
        )}
        {problem ? <ErrorState compact {...describeError(problem)} /> : null}
      </div>
    </Dialog>
  );
}

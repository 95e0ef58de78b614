// Asks what is made of a folder of weights: which types, under which name, where to. Then shows how far it is, in place.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { TokenizerFacts, WeightsDetail } from '../../../../core/api/weights.ts';
import type { WeightType } from '../../../../core/lib/conversion/gguf-metadata.ts';
import { PIECES_CHOICE } from '../../../../core/lib/conversion/piece-metadata.ts';
import { describeError } from '../../../app/describe-error.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatCount, formatDiskSize } from '../../../ui/format.ts';
import { Select } from '../../../ui/select.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { layoutWords } from '../inside/use-weights-detail.ts';
import { BESIDE, folderChoices, useTokenizerChoices, useWeightsFolders } from '../weights-choices.ts';
import {
  expectedBytes,
  folderTypes,
  type OutputFormat,
  outputPath,
  suggestedPlace,
  typeChoices,
} from './conversion-order.ts';
import { ConversionProgress } from './conversion-progress.tsx';
import { conversions, startConversion } from './conversion-work.ts';
import styles from './convert.module.css';

export interface ConvertDialogProps {
  /** A folder of weights that is chosen already. */
  readonly source: string | null;
  readonly onClose: () => void;
}

export function ConvertDialog({ source: given, onClose }: ConvertDialogProps) {
  const folders = useWeightsFolders();
  const [chosen, setChosen] = useState(given);
  const source = chosen ?? (folders.length === 1 ? (folders[0]?.path ?? null) : null);
  const work = conversions.use(source ?? '');
  if (source !== null && work !== null) {
    return <ConversionProgress source={source} work={work} onClose={onClose} />;
  }
  return <ConvertForm key={source} source={source} onSource={setChosen} onClose={onClose} />;
}

function ConvertForm({
  source,
  onSource,
  onClose,
}: {
  readonly source: string | null;
  readonly onSource: (path: string) => void;
  readonly onClose: () => void;
}) {
  const client = useClient();
  const queries = useQueryClient();
  const folders = useWeightsFolders();
  const tokenizers = useTokenizerChoices();
  const suggested = suggestedPlace(source ?? '');
  const [format, setFormat] = useState<OutputFormat>('gguf');
  const [types, setTypes] = useState<ReadonlySet<WeightType>>(new Set<WeightType>(['f16']));
  const [folderType, setFolderType] = useState<WeightType>('bf16');
  const [name, setName] = useState(suggested.name);
  const [place, setPlace] = useState(suggested.folder);
  const [tokenizer, setTokenizer] = useState(BESIDE);
  const [preTokenizer, setPreTokenizer] = useState<string | null>(null);
  const [verifies, setVerifies] = useState(true);
  const [replace, setReplace] = useState(false);
  const weights = useQuery({
    queryKey: queryKeys.weightsOf(source ?? ''),
    enabled: source !== null,
    queryFn: ({ signal }) => client.weights.inspect({ path: source ?? '' }, { signal }),
  });
  const cut = usePreTokenizer(weights.data, tokenizer);
  const wanted =
    format === 'gguf' ? typeChoices.filter(({ id }) => types.has(id)).map(({ id }) => id) : [folderType];
  const problem = problemOf(weights.data, { tokenizer, format });
  const needsChoice = format === 'gguf' && cut !== null && preTokenizer === null;
  const canStart =
    source !== null &&
    weights.data !== undefined &&
    problem === null &&
    wanted.length > 0 &&
    name.trim() !== '';
  const order = { folder: place, name: name.trim(), format };
  const start = () => {
    if (source === null || !canStart || needsChoice) return;
    startConversion(
      { client, queries },
      {
        ...order,
        source,
        types: wanted,
        tokenizer: tokenizer === BESIDE ? null : tokenizer,
        preTokenizer,
        verifies,
        replace,
      },
    );
  };
  return (
    <Dialog
      title="Convert weights"
      isOpen
      width="wide"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" isDisabled={!canStart || needsChoice} onPress={start}>
            {wanted.length > 1 ? `Convert to ${wanted.length} types` : 'Convert'}
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        <Select
          label="Weights"
          choices={folderChoices(folders)}
          value={source}
          onChange={onSource}
          placeholder={
            folders.length === 0
              ? 'No Hugging Face folder and no checkpoint in this workspace yet'
              : 'Choose…'
          }
          isDisabled={folders.length === 0}
        />
        {weights.data ? <p className={styles['about']}>{factsOf(weights.data)}</p> : null}
        {weights.error ? <ErrorState compact {...describeError(weights.error)} /> : null}
        {problem === null ? null : <p className={styles['problem']}>{problem}</p>}
        <Select
          label="As"
          choices={[
            { id: 'gguf', label: 'GGUF files', detail: 'To chat with, here and in other programs' },
            { id: 'huggingface', label: 'Hugging Face folder', detail: 'To train on, and to publish' },
          ]}
          value={format}
          onChange={setFormat}
        />
        {format === 'gguf' ? (
          <TypeBoxes parameters={weights.data?.parameters ?? null} chosen={types} onChange={setTypes} />
        ) : (
          <Select
            label="Numbers"
            choices={folderTypes.map((id) => ({ id, label: id.toUpperCase() }))}
            value={folderType}
            onChange={setFolderType}
          />
        )}
        <div className={styles['pair']}>
          <TextField label="Name" value={name} onChange={setName} />
          <TextField label="Folder in the workspace" value={place} onChange={setPlace} mono />
        </div>
        <p className={styles['about']}>
          {wanted.length === 0
            ? 'Choose at least one type'
            : `Writes ${wanted.map((type) => outputPath(order, type)).join(', ')}`}
        </p>
        <Select label="Tokenizer" choices={tokenizers} value={tokenizer} onChange={setTokenizer} />
        {cut !== null && format === 'gguf' ? (
          <PreTokenizerChoice cut={cut} value={preTokenizer} onChange={setPreTokenizer} />
        ) : null}
        <div className={styles['checks']}>
          {format === 'gguf' ? (
            <Checkbox isSelected={verifies} onChange={setVerifies}>
              Verify each against the weights
            </Checkbox>
          ) : null}
          <Checkbox isSelected={replace} onChange={setReplace} isDisabled={format === 'huggingface'}>
            Replace files that are there
          </Checkbox>
        </div>
      </div>
    </Dialog>
  );
}

function TypeBoxes({
  parameters,
  chosen,
  onChange,
}: {
  readonly parameters: number | null;
  readonly chosen: ReadonlySet<WeightType>;
  readonly onChange: (types: ReadonlySet<WeightType>) => void;
}) {
  const toggle = (id: WeightType, isOn: boolean) => {
    const next = new Set(chosen);
    if (isOn) next.add(id);
    else next.delete(id);
    onChange(next);
  };
  return (
    <fieldset className={styles['types']}>
      <legend>Types, several at once</legend>
      {typeChoices.map((type) => (
        <div key={type.id} className={styles['type']}>
          <Checkbox isSelected={chosen.has(type.id)} onChange={(isOn) => toggle(type.id, isOn)}>
            {type.title}
          </Checkbox>
          <span className={styles['size']}>
            {parameters === null ? '' : `≈ ${formatDiskSize(expectedBytes(parameters, type))}`}
          </span>
          <span className={styles['about']}>{type.about}</span>
        </div>
      ))}
    </fieldset>
  );
}

function PreTokenizerChoice({
  cut,
  value,
  onChange,
}: {
  readonly cut: TokenizerFacts['preTokenizer'];
  readonly value: string | null;
  readonly onChange: (name: string | null) => void;
}) {
  if (cut.choices.includes(PIECES_CHOICE)) {
    return (
      <div className={styles['choice']}>
        <p>
          Not all of this tokenizer can be carried into a GGUF file. {cut.description}. The verification shows
          which texts get other tokens, if any.
        </p>
        <Checkbox
          isSelected={value === PIECES_CHOICE}
          onChange={(isOn) => onChange(isOn ? PIECES_CHOICE : null)}
        >
          Convert it with these differences
        </Checkbox>
      </div>
    );
  }
  return (
    <div className={styles['choice']}>
      <p>
        Before merging, a tokenizer cuts text into words. The runtime knows some ways of cutting by name, and
        this one is none of them: <code>{cut.description}</code>. Choose the closest; the verification then
        shows which texts get other tokens, if any.
      </p>
      <Select
        label="Cut text like"
        choices={cut.choices.map((id) => ({ id, label: id }))}
        value={value}
        onChange={onChange}
      />
    </div>
  );
}

/** How text is cut where the runtime has no name for it; null where it has, or where another tokenizer is taken. */
function usePreTokenizer(
  beside: WeightsDetail | undefined,
  tokenizer: string,
): TokenizerFacts['preTokenizer'] | null {
  const client = useClient();
  const other = useQuery({
    queryKey: queryKeys.weightsOf(`tokenizer of ${tokenizer}`),
    enabled: tokenizer !== BESIDE,
    queryFn: () => client.weights.tokenizer({ path: tokenizer }),
  });
  const facts = tokenizer === BESIDE ? beside?.tokenizer : other.data;
  return facts && facts.preTokenizer.name === null && facts.preTokenizer.choices.length > 0
    ? facts.preTokenizer
    : null;
}

function factsOf({ layout, architecture, parameters, sizeBytes, tokenizer }: WeightsDetail): string {
  const words = [
    layoutWords[layout],
    architecture ?? 'unknown architecture',
    `${formatCount(parameters)} parameters`,
    formatDiskSize(sizeBytes),
    tokenizer === null ? 'no tokenizer beside it' : `${tokenizer.kind} tokenizer`,
  ];
  return words.join(' · ');
}

/** Why these weights cannot be converted so; null when they can. */
function problemOf(
  detail: WeightsDetail | undefined,
  { tokenizer, format }: { readonly tokenizer: string; readonly format: OutputFormat },
): string | null {
  if (!detail) return null;
  if (!detail.isConvertible) {
    return `${detail.architecture ?? 'This architecture'} is not converted here; Llama and Qwen2 are`;
  }
  if (detail.tokenizer === null && tokenizer === BESIDE && format === 'gguf') {
    return `${detail.tokenizerProblem ?? 'There is no tokenizer beside the weights'}. Choose the one it was trained with`;
  }
  return null;
}

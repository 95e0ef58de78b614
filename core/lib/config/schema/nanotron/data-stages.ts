// Nanotron `tokenizer` and `data_stages` with the three dataset classes in their order. Source: Nanotron main, April 2026.
import { bool, FLOAT, INTEGER, int, list, objectSchema, section, STRING, str, union } from '../fields.ts';
import type { SchemaFields, ValueType } from '../types.ts';

export const TOKENIZER = objectSchema('tokenizer', 'The tokenizer the data was prepared with.', {
  tokenizer_name_or_path: str(
    'Tokenizer',
    'Hub id or path; must equal the text in the metadata of the data, character by character.',
    {
      nullable: true,
      default: null,
    },
  ),
  tokenizer_revision: str('Revision', 'Branch, tag or commit on the Hub.', {
    nullable: true,
    default: null,
    advanced: true,
  }),
  tokenizer_max_length: int('Longest input', 'Longest input the tokenizer accepts.', {
    nullable: true,
    default: null,
    unit: 'tokens',
    minimum: 1,
    advanced: true,
  }),
});

const STRING_OR_LIST: readonly ValueType[] = [STRING, { kind: 'list', item: STRING, minimumItems: 1 }];
const STRING_LIST_MAP: readonly ValueType[] = [...STRING_OR_LIST, { kind: 'map', value: { kind: 'any' } }];

const HUGGING_FACE_FIELDS: SchemaFields = {
  hf_dataset_or_datasets: union(
    STRING_LIST_MAP,
    'Hub dataset',
    'One dataset, several, or several with their shares.',
    { required: true },
  ),
  hf_dataset_splits: union(STRING_OR_LIST, 'Split', 'Split or splits to read.', {
    nullable: true,
    default: null,
    defaultText: 'train',
  }),
  hf_dataset_config_name: str('Configuration', 'Configuration (subset) of the dataset.', {
    nullable: true,
    default: null,
  }),
  dataset_processing_num_proc_per_process: int('Processes', 'Processes that tokenize the data.', {
    nullable: true,
    default: 1,
    minimum: 1,
  }),
  dataset_overwrite_cache: bool('Overwrite cache', 'Tokenize again even if a cache exists.', {
    nullable: true,
    default: false,
  }),
};

const PRETRAIN = objectSchema(
  'Hugging Face pre-training data',
  'Text from the Hub, tokenized while training starts.',
  {
    ...HUGGING_FACE_FIELDS,
    text_column_name: str('Text column', 'Column that holds the text.', {
      nullable: true,
      default: null,
      defaultText: 'text',
    }),
  },
);

const NANOSET = objectSchema('tokenized folders', 'Folders of .ds files that datatrove has tokenized.', {
  dataset_folder: union(
    STRING_OR_LIST,
    'Folders',
    'Folder or folders; only the .ds files directly inside are read.',
    { required: true },
  ),
  dataset_weights: list(
    FLOAT,
    'Weights',
    'Share of each folder. Without it every folder counts the same, whatever its size.',
    {
      nullable: true,
      default: null,
      defaultText: 'the same for every folder',
    },
  ),
  dataset_read_path: union(
    STRING_OR_LIST,
    'Local copies',
    'Where to read each folder from instead; as many as folders.',
    {
      nullable: true,
      default: null,
      advanced: true,
    },
  ),
  tokenizer_name: str('Tokenizer', 'Only when the folders have no metadata file.', {
    nullable: true,
    default: null,
    advanced: true,
  }),
  vocab_size: int('Vocabulary', 'Only when the folders have no metadata file.', {
    nullable: true,
    default: null,
    unit: 'tokens',
    minimum: 1,
    advanced: true,
  }),
  token_size_in_bytes: int('Token size', 'Bytes per token; only when the folders have no metadata file.', {
    nullable: true,
    default: null,
    unit: 'bytes',
    minimum: 1,
    advanced: true,
  }),
  return_positions: bool('Positions', 'Start positions again at every document.', {
    nullable: true,
    default: true,
    advanced: true,
  }),
  skip_in_stream: bool('Skip in stream', 'Skip seen samples while reading instead of by index.', {
    nullable: true,
    default: false,
    advanced: true,
  }),
  pad_samples_to_global_batch_size: bool('Pad to batch', 'Fill each folder up to whole batches.', {
    nullable: true,
    default: false,
    advanced: true,
  }),
  dataset_max_tokens: list(INTEGER, 'Token limits', 'Most tokens to read from each folder.', {
    nullable: true,
    default: null,
    unit: 'tokens',
    advanced: true,
  }),
  shuffle_files: bool('Shuffle files', 'Read the files of a folder in random order.', {
    nullable: true,
    default: false,
  }),
  use_old_brrr_dataloader: bool('Old loader', 'Use the older reader.', {
    nullable: true,
    default: false,
    advanced: true,
  }),
});

const SFT = objectSchema('Hugging Face chat data', 'Conversations from the Hub.', {
  ...HUGGING_FACE_FIELDS,
  sft_dataloader: bool('Chat reader', 'Marks the class: it must be written for this reader to be chosen.', {
    nullable: true,
    default: true,
  }),
  debug_max_samples: int('Sample limit', 'Read only so many samples, for a trial.', {
    nullable: true,
    default: null,
    unit: 'samples',
    minimum: 1,
  }),
});

const DATA = objectSchema('data', 'What a stage reads.', {
  dataset: union(
    [
      { kind: 'object', object: PRETRAIN },
      { kind: 'object', object: NANOSET },
      { kind: 'object', object: SFT },
    ],
    'Dataset',
    'Tokenized folders, Hub text or Hub conversations; null is random data for smoke tests.',
    { required: true, nullable: true },
  ),
  seed: int('Seed', 'Seed of the order in which datasets are mixed.', {
    nullable: true,
    default: null,
    defaultText: '42',
    minimum: 0,
  }),
  num_loading_workers: int('Workers', 'Processes that load data for each GPU.', {
    nullable: true,
    default: 1,
    minimum: 0,
  }),
});

export const DATA_STAGE = objectSchema(
  'data stage',
  'One phase of the curriculum. Nanotron always trains on the last one.',
  {
    name: str('Name', 'Unique name of the stage.', { required: true }),
    start_training_step: int('Starts at', 'First step of the stage; one stage must start at 1.', {
      required: true,
      unit: 'steps',
      minimum: 0,
    }),
    data: section(DATA, 'Data', { required: true }),
    sequence_length: int(
      'Sequence length',
      'Tokens per sample in this stage; changing it between stages is not supported.',
      {
        nullable: true,
        default: null,
        defaultText: 'tokens.sequence_length',
        unit: 'tokens',
        minimum: 1,
        advanced: true,
      },
    ),
  },
);

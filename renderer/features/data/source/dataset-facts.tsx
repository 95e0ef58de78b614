// Beside the name of a dataset: which published set it is, how many files and rows; on request the parts of its columns and its
// files.
import { Button as AriaButton } from 'react-aria-components/Button';
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog';
import { Popover } from 'react-aria-components/Popover';
import type { ColumnRole, DatasetInfo } from '../../../../core/api/dataset-shape.ts';
import { formatDiskSize, formatInteger, formatQuantity } from '../../../ui/format.ts';
import { PropertyList } from '../../../ui/property-list.tsx';
import styles from './source.module.css';

/** The rest is in the column that says from which file a row comes. */
const SHOWN_FILES = 100;

const roleNames: Readonly<Record<ColumnRole, string>> = {
  text: 'Text',
  id: 'Id',
  language: 'Language',
  script: 'Script',
  kept: 'Kept',
  'filter-reason': 'Filter reason',
  tokens: 'Token count',
  url: 'Address',
  dump: 'Crawl',
  score: 'Score',
};

export function DatasetFacts({ dataset }: { readonly dataset: DatasetInfo }) {
  const { recognised, files, rows, columns, sizeBytes } = dataset;
  const facts = [
    ...(files.length > 1 ? [formatQuantity(files.length, 'file')] : []),
    formatQuantity(rows, 'row'),
    formatQuantity(columns.length, 'column'),
    formatDiskSize(sizeBytes),
  ];
  return (
    <DialogTrigger>
      <AriaButton className={styles['facts'] ?? ''} aria-label={`About this dataset: ${facts.join(', ')}`}>
        {recognised.title === null ? null : <span className={styles['set']}>{recognised.title}</span>}
        <span className={styles['counts']}>{facts.join(' · ')}</span>
      </AriaButton>
      <Popover className={styles['popover'] ?? ''} placement="bottom start">
        <Dialog className={styles['about'] ?? ''} aria-label="About this dataset">
          <About dataset={dataset} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function About({ dataset }: { readonly dataset: DatasetInfo }) {
  const { recognised, files } = dataset;
  const { roles, keptFrom, language, languageName } = recognised;
  const scores = roles.filter(({ role }) => role === 'score').map(({ column }) => column);
  const parts = [
    ...roles
      .filter(({ role }) => role !== 'score')
      .map(({ role, column }) => ({ name: roleNames[role], value: column })),
    ...(scores.length === 0
      ? []
      : [{ name: scores.length === 1 ? 'Score' : 'Scores', value: scores.join(', ') }]),
    ...(keptFrom === null ? [] : [{ name: 'Kept flag from', value: keptFrom }]),
    ...(language === null
      ? []
      : [{ name: 'Folder of', value: languageName === null ? language : `${language}, ${languageName}` }]),
  ];
  return (
    <>
      <h3 className={styles['title']}>{recognised.title ?? 'No published set that is known'}</h3>
      {parts.length === 0 ? (
        <p className={styles['none']}>No column is recognised by its name</p>
      ) : (
        <PropertyList properties={parts} />
      )}
      {files.length > 1 ? (
        <>
          <h3 className={styles['title']}>{formatQuantity(files.length, 'file')}</h3>
          <PropertyList
            properties={files.slice(0, SHOWN_FILES).map((file) => ({
              name: file.name,
              value: `${formatQuantity(file.rows, 'row')} · ${formatDiskSize(file.sizeBytes)}`,
              title: `${file.name}, from row ${formatInteger(file.firstRow)} on`,
            }))}
          />
          {files.length > SHOWN_FILES ? (
            <p className={styles['none']}>{`and ${formatInteger(files.length - SHOWN_FILES)} more`}</p>
          ) : null}
        </>
      ) : null}
    </>
  );
}

// Which files make up the corpus: FineWeb-2 keeps what it removed in files of their own, and thresholds need both.
import { useQuery } from '@tanstack/react-query';
import { FilePlus2 } from 'lucide-react';
import { useState } from 'react';
import { queryKeys } from '../../../../app/query-keys.ts';
import { navigate } from '../../../../app/route.ts';
import { useClient } from '../../../../app/session.ts';
import { Button, IconButton } from '../../../../ui/button.tsx';
import { Checkbox } from '../../../../ui/checkbox.tsx';
import { Dialog } from '../../../../ui/dialog.tsx';
import { filterItems } from '../../../../ui/filter-items.ts';
import { formatDiskSize, formatQuantity } from '../../../../ui/format.ts';
import { SearchField } from '../../../../ui/text-field.tsx';
import type { Lab } from '../lab/lab.ts';
import { labHref } from '../lab/mode.ts';
import styles from './corpus-files.module.css';

export function CorpusFiles({ lab }: { readonly lab: Lab }) {
  const [isOpen, setOpen] = useState(false);
  const { paths } = lab;
  return (
    <>
      {paths.length === 1 ? (
        <IconButton icon={FilePlus2} label="Add files to the corpus…" onPress={() => setOpen(true)} />
      ) : (
        <Button kind="quiet" onPress={() => setOpen(true)}>
          {formatQuantity(paths.length, 'file')}
        </Button>
      )}
      {isOpen ? <FilesDialog lab={lab} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function FilesDialog({ lab, onClose }: { readonly lab: Lab; readonly onClose: () => void }) {
  const client = useClient();
  const [first = '', ...others] = lab.paths;
  const datasets = useQuery({ queryKey: queryKeys.datasets, queryFn: () => client.datasets.list() });
  const [chosen, setChosen] = useState<readonly string[]>(others);
  const [filter, setFilter] = useState('');
  const offered = filterItems(
    (datasets.data ?? []).filter(({ path }) => path !== first),
    ({ path }) => path,
    filter,
  );
  const finish = () => {
    onClose();
    navigate(labHref([first, ...chosen], lab.parameters()));
  };
  return (
    <Dialog
      title="Files of the corpus"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" onPress={finish}>
            {`Use ${formatQuantity(chosen.length + 1, 'file')}`}
          </Button>
        </>
      }
    >
      <p className={styles['hint']}>
        Thresholds are taken over all documents of a language, those that FineWeb-2 removed included. Tick the
        files that belong to <code>{first}</code>.
      </p>
      <SearchField label="Filter files" value={filter} onChange={setFilter} />
      <ul className={styles['list']} aria-label="Files">
        {offered.map(({ path, sizeBytes }) => (
          <li key={path}>
            <Checkbox
              isSelected={chosen.includes(path)}
              onChange={(isOn) =>
                setChosen(isOn ? [...chosen, path] : chosen.filter((other) => other !== path))
              }
            >
              <span className={styles['path']}>{path}</span>
              <span className={styles['size']}>{formatDiskSize(sizeBytes)}</span>
            </Checkbox>
          </li>
        ))}
        {datasets.data && offered.length === 0 ? (
          <li className={styles['hint']}>No other dataset in this workspace</li>
        ) : null}
      </ul>
    </Dialog>
  );
}

// Partitions as the site's profile has them: what a job may ask for.
import type { SitePartition } from '../../../core/api/targets.ts';
import { slurmTime } from '../../../core/lib/slurm/durations.ts';
import { Badge } from '../../ui/badge.tsx';
import { DataTable, type TableColumn } from '../../ui/data-table.tsx';
import styles from './targets.module.css';

const columns: readonly TableColumn<SitePartition>[] = [
  {
    id: 'name',
    header: 'Partition',
    cell: ({ name, isDefault }) => (
      <span className={styles['name']}>
        {name} {isDefault ? <Badge>default</Badge> : null}
      </span>
    ),
  },
  { id: 'state', header: 'State', cell: ({ state }) => state },
  {
    id: 'limit',
    header: 'Time limit',
    align: 'right',
    cell: ({ maxSeconds }) => (maxSeconds === null ? 'none' : slurmTime(maxSeconds)),
  },
  { id: 'nodes', header: 'Nodes', align: 'right', cell: ({ nodes }) => nodes },
  { id: 'cores', header: 'Cores a node', align: 'right', cell: ({ cpusPerNode }) => cpusPerNode ?? '–' },
  {
    id: 'memory',
    header: 'Memory a node',
    align: 'right',
    cell: ({ memoryPerNodeMb }) =>
      memoryPerNodeMb === null ? '–' : `${Math.round(memoryPerNodeMb / 1024)} GiB`,
  },
  { id: 'gpus', header: 'GPUs a node', align: 'right', cell: ({ gpusPerNode }) => gpuText(gpusPerNode) },
];

export function PartitionTable({ partitions }: { readonly partitions: readonly SitePartition[] }) {
  return (
    <div className={styles['table']}>
      <DataTable label="Partitions" columns={columns} rows={partitions} idOf={({ name }) => name} />
    </div>
  );
}

/** `4 × a100`; GPUs without a type are just GPUs. */
export function gpuText(gpus: Readonly<Record<string, number>>): string {
  const words = Object.entries(gpus).map(([type, count]) =>
    type === 'gpu' ? String(count) : `${count} × ${type}`,
  );
  return words.length === 0 ? '–' : words.join(', ');
}

// The health report of core: versions, native runtimes, tools, memory and disk; copied as Markdown.
import { useQuery } from '@tanstack/react-query';
import type { DoctorReport } from '../../../core/api/system.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { DataTable, toMarkdownTable } from '../../ui/data-table.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { formatDiskSize, formatMemorySize } from '../../ui/format.ts';
import { Section } from '../../ui/pane.tsx';
import { PropertyList } from '../../ui/property-list.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { describeError } from '../describe-error.ts';
import { queryKeys } from '../query-keys.ts';
import { useClient } from '../session.ts';
import styles from './settings-view.module.css';

interface Fact {
  readonly name: string;
  readonly value: string;
}

type Check = DoctorReport['runtimes'][number];

const tones: Readonly<Record<Check['status'], Tone>> = { ok: 'good', warning: 'warn', missing: 'bad' };

export function DoctorReportView() {
  const client = useClient();
  const report = useQuery({
    queryKey: queryKeys.doctor,
    queryFn: ({ signal }) => client.system.doctor(undefined, { signal }),
    staleTime: 60_000,
  });
  return (
    <Section
      title="This computer"
      aside={
        <Button kind="quiet" isDisabled={report.isFetching} onPress={() => void report.refetch()}>
          Check again
        </Button>
      }
    >
      {report.isPending ? <Skeleton label="Checking this computer" /> : null}
      {report.isError ? <ErrorState compact {...describeError(report.error)} /> : null}
      {report.data ? <Report report={report.data} /> : null}
    </Section>
  );
}

function Report({ report }: { readonly report: DoctorReport }) {
  const checks = [...report.runtimes, ...report.tools];
  const facts = factsOf(report);
  const markdown = [
    toMarkdownTable(
      ['What', 'Value'],
      facts.map(({ name, value }) => [name, value]),
    ),
    toMarkdownTable(
      ['Check', 'State', 'Value', 'Next step'],
      checks.map(({ name, status, value, hint }) => [name, status, value, hint ?? '']),
    ),
  ].join('\n\n');
  return (
    <>
      <PropertyList properties={facts} />
      <div className={styles['checks']}>
        <DataTable
          label="Runtimes and tools"
          rows={checks}
          idOf={({ name }) => name}
          columns={[
            { id: 'name', header: 'Runtime or tool', cell: ({ name }) => name },
            {
              id: 'status',
              header: 'State',
              cell: ({ status }) => <Badge tone={tones[status]}>{status}</Badge>,
            },
            { id: 'value', header: 'Found', cell: ({ value }) => value },
            { id: 'hint', header: 'Next step', cell: ({ hint }) => hint ?? '' },
          ]}
        />
      </div>
      <p className={styles['checks']}>
        <CopyButton text={markdown} label="Copy the report" />
      </p>
    </>
  );
}

function factsOf(report: DoctorReport): readonly Fact[] {
  const { memoryBytes, diskBytes } = report;
  return [
    { name: 'Nesso Studio', value: report.studio },
    { name: 'Host', value: report.electron ? `Electron ${report.electron}` : `Node ${report.node}` },
    { name: 'System', value: `${report.platform} ${report.architecture}, ${report.cpuCount} CPUs` },
    {
      name: 'Memory',
      value: `${formatMemorySize(memoryBytes.free)} of ${formatMemorySize(memoryBytes.total)} free`,
    },
    {
      name: 'Disk',
      value: `${formatDiskSize(diskBytes.free)} of ${formatDiskSize(diskBytes.total)} free at ${diskBytes.path}`,
    },
  ];
}

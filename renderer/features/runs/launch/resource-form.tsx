// What a job asks the scheduler for, with what the site allows beside each field.
import type { SiteProfile } from '../../../../core/api/targets.ts';
import { slurmTime } from '../../../../core/lib/slurm/durations.ts';
import { Switch } from '../../../ui/checkbox.tsx';
import { FieldRow } from '../../../ui/field-row.tsx';
import { NumberField } from '../../../ui/number-field.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import styles from './launch-dialog.module.css';
import { partitionOf, type ResourceProblems } from './resource-limits.ts';
import type { ResourcesGiven } from './resources-given.ts';

/** A blank: nothing of Slurm can be called that. */
const NONE = ' ';

export interface ResourceFormProps {
  readonly profile: SiteProfile | null;
  readonly resources: ResourcesGiven;
  readonly problems: ResourceProblems;
  readonly onChange: (resources: ResourcesGiven) => void;
}

export function ResourceForm(props: ResourceFormProps) {
  const { profile, resources, onChange } = props;
  const slurm = profile?.slurm ?? null;
  const partition = partitionOf(profile, resources);
  const gpuTypes = Object.keys(partition?.gpusPerNode ?? {}).filter((type) => type !== 'gpu');
  const hasGpus = partition === null || Object.values(partition.gpusPerNode).some((count) => count > 0);
  const limit = partition?.maxSeconds ?? null;
  return (
    <div className={styles['resources']}>
      <WordField
        {...props}
        field="partition"
        label="Partition"
        none="Default of the target"
        choices={(slurm?.partitions ?? []).map(({ name, maxSeconds, nodes, gpusPerNode }) => ({
          id: name,
          detail: [
            maxSeconds === null ? 'no time limit' : `up to ${slurmTime(maxSeconds)}`,
            `${nodes} nodes`,
            ...Object.entries(gpusPerNode).map(
              ([type, count]) => `${count} ${type === 'gpu' ? 'GPUs' : type}`,
            ),
          ].join(' · '),
        }))}
      />
      <WordField
        {...props}
        field="account"
        label="Account"
        none="Default of the target"
        choices={(slurm?.accounts ?? []).map((id) => ({ id }))}
      />
      <WordField
        {...props}
        field="qos"
        label="QOS"
        none="Default of the target"
        choices={(slurm?.qos ?? []).map((id) => ({ id }))}
      />
      <CountField
        {...props}
        field="nodes"
        label="Nodes"
        least={1}
        fallback={1}
        hint={partition ? `of ${partition.nodes}` : ''}
      />
      {hasGpus ? (
        <CountField
          {...props}
          field="gpusPerNode"
          label="GPUs a node"
          least={0}
          fallback={0}
          hint={partition ? `of ${Math.max(0, ...Object.values(partition.gpusPerNode))}` : ''}
        />
      ) : null}
      {gpuTypes.length > 0 ? (
        <WordField
          {...props}
          field="gpuType"
          label="GPU type"
          none="Any"
          choices={gpuTypes.map((id) => ({ id }))}
        />
      ) : null}
      <CountField {...props} field="tasksPerNode" label="Tasks a node" least={1} fallback={1} />
      <CountField
        {...props}
        field="cpusPerTask"
        label="Cores a task"
        least={1}
        fallback={null}
        hint={partition?.cpusPerNode ? `of ${partition.cpusPerNode}` : ''}
      />
      <CountField
        {...props}
        field="memoryPerNodeMb"
        label="Memory a node"
        least={1}
        fallback={null}
        hint="MB"
      />
      <LineField
        {...props}
        field="walltime"
        label="Time limit"
        placeholder="Default of the partition"
        hint={limit === null ? '' : `≤ ${slurmTime(limit)}`}
      />
      <LineField {...props} field="array" label="Array" placeholder="One job; or 0-15%4" />
      <FieldRow label="Requeue" hint="Slurm may start it again after a node failure or preemption">
        <Switch
          aria-label="Requeue"
          isSelected={resources.requeue ?? true}
          onChange={(requeue) => onChange({ ...resources, requeue })}
        />
      </FieldRow>
    </div>
  );
}

interface WordFieldProps extends ResourceFormProps {
  readonly field: 'partition' | 'account' | 'qos' | 'gpuType';
  readonly label: string;
  readonly none: string;
  readonly choices: readonly { readonly id: string; readonly detail?: string }[];
}

/** A list where the site tells what there is, a field to type in where it does not. */
function WordField({ field, label, none, choices, resources, problems, onChange }: WordFieldProps) {
  const value = resources[field] ?? null;
  const problem = problems[field];
  const set = (next: string | null) => onChange({ ...resources, [field]: next });
  const isKnown = value === null || choices.some(({ id }) => id === value);
  return (
    <FieldRow label={label} {...(problem ? { error: problem } : {})}>
      {choices.length > 0 && isKnown ? (
        <Select
          label={label}
          isLabelHidden
          choices={[
            { id: NONE, label: none },
            ...choices.map(({ id, detail }) => ({ id, label: id, ...(detail ? { detail } : {}) })),
          ]}
          value={value ?? NONE}
          onChange={(id) => set(id === NONE ? null : id)}
        />
      ) : (
        <TextField
          label={label}
          isLabelHidden
          mono
          placeholder={none}
          value={value ?? ''}
          onChange={(text) => set(text.trim() === '' ? null : text.trim())}
        />
      )}
    </FieldRow>
  );
}

interface CountFieldProps extends ResourceFormProps {
  readonly field: 'nodes' | 'gpusPerNode' | 'tasksPerNode' | 'cpusPerTask' | 'memoryPerNodeMb';
  readonly label: string;
  readonly least: number;
  /** Of an empty field. */
  readonly fallback: number | null;
  readonly hint?: string;
}

function CountField({
  field,
  label,
  least,
  fallback,
  hint = '',
  resources,
  problems,
  onChange,
}: CountFieldProps) {
  const problem = problems[field];
  return (
    <FieldRow label={label} unit={hint} {...(problem ? { error: problem } : {})}>
      <NumberField
        label={label}
        isLabelHidden
        min={least}
        step={1}
        placeholder={fallback === null ? 'Default' : ''}
        value={resources[field] ?? fallback}
        onChange={(next) => onChange({ ...resources, [field]: next ?? fallback })}
      />
    </FieldRow>
  );
}

interface LineFieldProps extends ResourceFormProps {
  readonly field: 'walltime' | 'array';
  readonly label: string;
  readonly placeholder: string;
  readonly hint?: string;
}

function LineField({ field, label, placeholder, hint = '', resources, problems, onChange }: LineFieldProps) {
  const problem = problems[field];
  return (
    <FieldRow label={label} unit={hint} {...(problem ? { error: problem } : {})}>
      <TextField
        label={label}
        isLabelHidden
        mono
        placeholder={placeholder}
        value={resources[field] ?? ''}
        onChange={(text) => onChange({ ...resources, [field]: text.trim() === '' ? null : text.trim() })}
      />
    </FieldRow>
  );
}

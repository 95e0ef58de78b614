// What holds for every job of a target, edited without opening studio.yaml: where runs lie, what is asked of the scheduler, modules,
// environments, a container, variables.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { TargetSettings } from '../../../core/api/targets.ts';
import { describeError } from '../../app/describe-error.ts';
import { queryKeys } from '../../app/query-keys.ts';
import { useClient } from '../../app/session.ts';
import { useAttempt } from '../../app/use-attempt.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import { Select } from '../../ui/select.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { TextField } from '../../ui/text-field.tsx';
import styles from './targets.module.css';
import { environmentText, linesOf, parseEnvironment } from './settings-text.ts';

export function TargetSettingsDialog({
  name,
  isCluster,
  onClose,
}: {
  readonly name: string;
  readonly isCluster: boolean;
  readonly onClose: () => void;
}) {
  const client = useClient();
  const read = useQuery({
    queryKey: [...queryKeys.siteProfile(name), 'settings'],
    queryFn: ({ signal }) => client.targets.settings({ name }, { signal }),
    staleTime: 0,
    gcTime: 0,
  });
  if (read.data) {
    return <SettingsForm name={name} isCluster={isCluster} read={read.data} onClose={onClose} />;
  }
  return (
    <Dialog
      title={`Settings of ${name}`}
      isOpen
      onClose={onClose}
      actions={<Button onPress={onClose}>Close</Button>}
    >
      {read.error ? (
        <ErrorState compact {...describeError(read.error)} />
      ) : (
        <Skeleton label="Reading the settings" rows={8} />
      )}
    </Dialog>
  );
}

const NONE = 'none';
const runtimes = [
  { id: NONE, label: 'None', detail: 'Programs run on the nodes themselves' },
  { id: 'apptainer', label: 'Apptainer' },
  { id: 'singularity', label: 'Singularity' },
  { id: 'pyxis', label: 'Pyxis', detail: 'The container option of srun' },
] as const;

function SettingsForm({
  name,
  isCluster,
  read,
  onClose,
}: {
  readonly name: string;
  readonly isCluster: boolean;
  readonly read: { readonly settings: TargetSettings; readonly version: string };
  readonly onClose: () => void;
}) {
  const client = useClient();
  const cache = useQueryClient();
  const [settings, setSettings] = useState(read.settings);
  const [modules, setModules] = useState(read.settings.modules.join('\n'));
  const [environment, setEnvironment] = useState(environmentText(read.settings.environment));
  const [mounts, setMounts] = useState((read.settings.container?.mounts ?? []).join('\n'));
  const { isBusy, failure: problem, attempt } = useAttempt();
  const variables = parseEnvironment(environment);
  const { container } = settings;
  const imageProblem = container !== null && container.image.trim() === '' ? 'Name the image' : null;

  const text = (key: 'folder' | 'partition' | 'account' | 'qos' | 'walltime' | 'conda' | 'python') => ({
    value: settings[key] ?? '',
    onChange: (value: string) => setSettings({ ...settings, [key]: value.trim() === '' ? null : value }),
    mono: true,
  });
  const save = async () => {
    if (variables.kind === 'bad') return;
    await attempt(async () => {
      await client.targets.saveSettings({
        name,
        version: read.version,
        settings: {
          ...settings,
          modules: linesOf(modules),
          environment: variables.values,
          container:
            container === null
              ? null
              : { ...container, image: container.image.trim(), mounts: linesOf(mounts) },
        },
      });
      await cache.invalidateQueries({ queryKey: queryKeys.siteProfile(name) });
      onClose();
    });
  };

  return (
    <Dialog
      title={`Settings of ${name}`}
      isOpen
      onClose={onClose}
      isDismissable={false}
      width="wide"
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            kind="primary"
            isDisabled={isBusy || variables.kind === 'bad' || imageProblem !== null}
            onPress={() => void save()}
          >
            {isBusy ? 'Saving' : 'Save'}
          </Button>
        </>
      }
    >
      <div className={styles['settings']}>
        <TextField
          label="Folder for runs"
          placeholder="~/nesso-runs"
          hint="~/, $SCRATCH/ and $WORK/ are those of the target"
          {...text('folder')}
        />
        <TextField
          label="Python"
          placeholder="On PATH"
          hint="Its folder comes first on PATH"
          {...text('python')}
        />
        <TextField label="Conda environment" placeholder="None" {...text('conda')} />
        {isCluster ? (
          <>
            <TextField label="Partition" placeholder="Default of the site" {...text('partition')} />
            <TextField label="Account" placeholder="Default of the site" {...text('account')} />
            <TextField label="QOS" placeholder="Default of the site" {...text('qos')} />
            <TextField label="Time limit" placeholder="Default of the partition" {...text('walltime')} />
            <NumberField
              label="Scheduler is asked at most every, in seconds"
              min={5}
              max={3600}
              placeholder="30"
              value={settings.pollSeconds}
              onChange={(pollSeconds) => setSettings({ ...settings, pollSeconds })}
            />
          </>
        ) : null}
        <TextField
          label="Modules, one a line"
          mono
          lines={4}
          value={modules}
          onChange={setModules}
          hint="Loaded in this order before each job"
        />
        <TextField
          label="Environment, NAME=value a line"
          mono
          lines={4}
          value={environment}
          onChange={setEnvironment}
          error={variables.kind === 'bad' ? variables.message : null}
          hint="Values are taken as they are: nothing is expanded"
        />
        <Select
          label="Container"
          choices={runtimes}
          value={container?.runtime ?? NONE}
          onChange={(id) =>
            setSettings({
              ...settings,
              container:
                id === NONE
                  ? null
                  : {
                      runtime: id as NonNullable<TargetSettings['container']>['runtime'],
                      image: container?.image ?? '',
                      mounts: container?.mounts ?? [],
                    },
            })
          }
        />
        {container === null ? null : (
          <>
            <TextField
              label="Image"
              mono
              value={container.image}
              error={imageProblem}
              onChange={(image) => setSettings({ ...settings, container: { ...container, image } })}
              hint="A path of the target, or docker://…"
            />
            <TextField
              label="Mounts, one a line"
              mono
              lines={3}
              value={mounts}
              onChange={setMounts}
              hint="/data, or /from:/to"
            />
          </>
        )}
        <div className={styles['settingsWide']}>
          <TextField
            label="Lines of bash before each command"
            mono
            lines={4}
            value={settings.setup}
            onChange={(setup) => setSettings({ ...settings, setup })}
            hint="Pasted into the batch script as they are"
          />
          {problem ? <ErrorState compact {...describeError(problem)} /> : null}
        </div>
      </div>
    </Dialog>
  );
}

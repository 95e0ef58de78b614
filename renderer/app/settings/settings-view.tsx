// Settings of this user on this computer, and the health report. They take effect at once; there is no Save.
import type { Settings } from '../../../core/api/system.ts';
import { Button } from '../../ui/button.tsx';
import { DEFAULT_GPU_ID, findGpuType, GPU_TYPES } from '../../../core/lib/config/derived/gpus.ts';
import { FieldRow } from '../../ui/field-row.tsx';
import { NumberRow } from './number-row.tsx';
import { Pane, PaneHeader, Section } from '../../ui/pane.tsx';
import { Select } from '../../ui/select.tsx';
import { CacheSettings } from './cache-settings.tsx';
import { CheckpointSettings } from './checkpoint-settings.tsx';
import { DoctorReportView } from './doctor-report.tsx';
import { GpuBuilds } from './gpu-builds.tsx';
import { notify, notifyError } from '../notifications.ts';
import { useSettings } from '../session.ts';
import styles from './settings-view.module.css';

const themes = [
  { id: 'system', label: 'As the system' },
  { id: 'light', label: 'Light' },
  { id: 'dark', label: 'Dark' },
  { id: 'high-contrast', label: 'High contrast' },
] as const;

const devices = [
  { id: 'cpu', label: 'CPU' },
  { id: 'auto', label: 'GPU if its build is installed' },
] as const;

const gpus = GPU_TYPES.map(({ id, name }) => ({ id, label: name }));

const GIGABYTE = 1_000_000_000;

/** Whole ones; 0 where the studio decides. */
function gigabytesOf(bytes: number | null): number {
  return bytes === null ? 0 : Math.max(1, Math.round(bytes / GIGABYTE));
}

export function SettingsView() {
  const { settings, write } = useSettings();
  const change = (next: Partial<Settings>) => void write(next).catch(notifyError);
  const showTour = () => {
    change({ tourDone: false });
    notify({ severity: 'info', title: 'The tour shows again in the sample workspace' });
  };
  return (
    <Pane header={<PaneHeader title="Settings" />}>
      <div className={styles['page']}>
        <Section title="Appearance">
          <FieldRow label="Theme">
            <Select
              label="Theme"
              isLabelHidden
              choices={themes}
              value={settings.theme}
              onChange={(theme) => change({ theme })}
            />
          </FieldRow>
        </Section>
        <Section title="Models on this computer">
          <FieldRow label="Device" hint="Takes effect when the next model is loaded">
            <Select
              label="Device"
              isLabelHidden
              choices={devices}
              value={settings.llamaDevice}
              onChange={(llamaDevice) => change({ llamaDevice })}
            />
          </FieldRow>
          <NumberRow
            label="Threads"
            unit={settings.llamaThreads === 0 ? 'chosen by the runtime' : 'threads'}
            value={settings.llamaThreads}
            min={0}
            max={256}
            onChange={(llamaThreads) => change({ llamaThreads })}
          />
          <NumberRow
            label="Memory"
            unit={settings.modelMemoryBytes === null ? 'GB, 0 for 60 % of what is free' : 'GB for all models'}
            value={gigabytesOf(settings.modelMemoryBytes)}
            min={0}
            max={100_000}
            onChange={(gigabytes) =>
              change({ modelMemoryBytes: gigabytes === 0 ? null : gigabytes * GIGABYTE })
            }
          />
          <GpuBuilds />
        </Section>
        <Section title="Estimates in the config desk">
          <NumberRow
            label="Model FLOPs utilisation"
            unit="%"
            value={settings.mfuPercent}
            min={1}
            max={100}
            onChange={(mfuPercent) => change({ mfuPercent })}
          />
          <FieldRow label="GPU">
            <Select
              label="GPU"
              isLabelHidden
              choices={gpus}
              value={(findGpuType(settings.gpuType) ?? findGpuType(DEFAULT_GPU_ID))?.id ?? null}
              onChange={(gpuType) => change({ gpuType })}
            />
          </FieldRow>
        </Section>
        <CacheSettings settings={settings} change={change} />
        <CheckpointSettings settings={settings} change={change} />
        <Section title="Sample workspace">
          <FieldRow
            label="Tour"
            unit={
              <Button isDisabled={!settings.tourDone} onPress={showTour}>
                Show it again
              </Button>
            }
          >
            <span>{settings.tourDone ? 'Left' : 'Shown when the sample is open'}</span>
          </FieldRow>
        </Section>
        <DoctorReportView />
      </div>
    </Pane>
  );
}

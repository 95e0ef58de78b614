// The right pane: how the target is written down, and what was found there.
import { useState } from 'react';
import type { SiteProfile, Target } from '../../../core/api/targets.ts';
import { Age } from '../../app/age.tsx';
import type { PaneProps } from '../../app/feature.ts';
import { href } from '../../app/route.ts';
import { useTargets } from '../../app/target-feed.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { formatDiskSize } from '../../ui/format.ts';
import { Pane, PaneHeader, Section } from '../../ui/pane.tsx';
import { PropertyList } from '../../ui/property-list.tsx';
import styles from './targets.module.css';
import { TargetSettingsDialog } from './target-settings.tsx';
import { useSiteProfile } from './use-site-profile.ts';

export function TargetInspector({ argument }: PaneProps) {
  const target = useTargets()?.find(({ name }) => name === argument);
  const profile = useSiteProfile(target?.name ?? null).data ?? null;
  const [isEditing, setEditing] = useState(false);
  if (!target) return <Pane header={<PaneHeader title="Target" />}>{null}</Pane>;
  return (
    <Pane
      header={
        <PaneHeader
          title="Target"
          detail={profile ? <Age before="probed" atMs={profile.probedMs} /> : 'never probed'}
        />
      }
    >
      <Section title="As studio.yaml has it" aside={<a href={href('configs', 'studio.yaml')}>File</a>}>
        <PropertyList properties={written(target)} />
        {target.kind === 'local' ? null : (
          <div className={styles['act']}>
            <Button onPress={() => setEditing(true)}>Settings of its jobs…</Button>
          </div>
        )}
        {isEditing ? (
          <TargetSettingsDialog
            name={target.name}
            isCluster={target.kind === 'slurm'}
            onClose={() => setEditing(false)}
          />
        ) : null}
      </Section>
      {profile ? <Site profile={profile} /> : null}
    </Pane>
  );
}

const kindWords: Readonly<Record<Target['kind'], string>> = {
  local: 'This computer',
  slurm: 'Slurm cluster',
  'ssh-processes': 'Workstation',
};

function written({ kind, host, folder }: Target) {
  return [
    { name: 'Kind', value: kindWords[kind] },
    { name: 'Host', value: host ?? '–' },
    { name: 'Folder for runs', value: folder ?? '~/nesso-runs' },
  ];
}

function Site({ profile }: { readonly profile: SiteProfile }) {
  const { slurm, quotas, programs } = profile;
  const warnings = [
    ...(profile.folderProblem === null
      ? []
      : [`The folder for runs cannot be used: ${profile.folderProblem}`]),
    ...profile.warnings,
  ];
  return (
    <>
      {warnings.length > 0 ? (
        <Section title="Worth knowing" aside={<Badge tone="warn">{warnings.length}</Badge>}>
          <ul className={styles['warnings']}>
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Section>
      ) : null}
      <Section title="Site">
        <PropertyList
          properties={[
            { name: 'Login', value: `${profile.user}@${profile.host}` },
            { name: 'System', value: profile.system },
            { name: 'Login shell', value: profile.loginShell },
            { name: 'Modules', value: profile.hasModules ? 'yes' : 'none found' },
          ]}
        />
      </Section>
      <Section title="Scheduler">
        {slurm === null ? (
          <p className={styles['text']}>No Slurm was found.</p>
        ) : (
          <PropertyList
            properties={[
              { name: 'Slurm', value: slurm.version },
              { name: 'Cluster', value: slurm.cluster ?? '–' },
              { name: 'Accounting', value: slurm.hasAccounting ? 'on' : 'off' },
              {
                name: 'Finished jobs kept',
                value: slurm.minJobAgeSeconds === null ? '–' : `${slurm.minJobAgeSeconds} s`,
              },
              { name: 'Largest array', value: slurm.maxArraySize ?? '–' },
              { name: 'Accounts', value: slurm.accounts.join(', ') || 'not told' },
              { name: 'QOS', value: slurm.qos.join(', ') || 'not told' },
            ]}
          />
        )}
      </Section>
      <Section title="Disks">
        <PropertyList
          properties={quotas.map(({ path, freeBytes, totalBytes }) => ({
            name: path,
            value:
              freeBytes === null
                ? '–'
                : `${formatDiskSize(freeBytes)} free of ${formatDiskSize(totalBytes ?? 0)}`,
            title: 'Free on the file system; a quota of the user may be smaller',
          }))}
        />
      </Section>
      <Section title="Programs">
        <PropertyList
          properties={Object.entries(programs).map(([name, told]) => ({
            name,
            value: /\d+(?:\.\d+)+\S*/.exec(told)?.[0] ?? told,
            title: told,
          }))}
        />
      </Section>
    </>
  );
}

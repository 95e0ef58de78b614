// Beside a dashboard: what it is for, which runs it takes, and its file.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { notify, notifyError } from '../../../app/notifications.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { Pane, PaneHeader, Section } from '../../../ui/pane.tsx';
import { PropertyList } from '../../../ui/property-list.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import styles from '../inspector/run-inspector.module.css';
import { saveDashboard, useDashboards } from './use-dashboards.ts';

export function DashboardInspector({ path }: { readonly path: string }) {
  const client = useClient();
  const queries = useQueryClient();
  const { dashboards } = useDashboards();
  const file = dashboards?.find((listed) => listed.path === path)?.file ?? null;
  const [draft, setDraft] = useState<string | null>(null);
  if (!file) return <Pane header={<PaneHeader title="Dashboard" />}>{null}</Pane>;
  const { saved, version } = file;
  const note = draft ?? saved.note;
  const save = async () => {
    try {
      const result = await saveDashboard(
        { client, queries },
        { path, saved: { ...saved, note }, baseVersion: version },
      );
      if (result.kind === 'saved') setDraft(null);
      else
        notify({
          severity: 'warning',
          title: 'The dashboard changed meanwhile',
          detail: 'Save the note once more',
        });
    } catch (error) {
      notifyError(error);
    }
  };
  const charts = saved.sections.reduce((sum, section) => sum + section.charts.length, 0);
  return (
    <Pane header={<PaneHeader title="Dashboard" />}>
      <Section title="Note">
        <TextField
          label="Note"
          isLabelHidden
          lines={4}
          value={note}
          onChange={setDraft}
          placeholder="What it is for"
        />
        {note === saved.note ? null : <Button onPress={() => void save()}>Save note</Button>}
      </Section>
      <Section title="What it shows">
        <PropertyList
          properties={[
            { name: 'Charts', value: String(charts) },
            { name: 'Sections', value: String(saved.sections.length) },
            { name: 'Runs picked', value: String(saved.runs.picked.length) },
            ...(saved.runs.rule === '' ? [] : [{ name: 'Runs named', value: saved.runs.rule }]),
          ]}
        />
      </Section>
      <Section title="File">
        <code className={styles['command']}>{path}</code>
      </Section>
    </Pane>
  );
}

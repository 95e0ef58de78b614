// Every figure of one's own data in one scroll, and all of them as files of the workspace in one click.
import { FolderDown } from 'lucide-react';
import { useMemo, useState } from 'react';
import { benchMarkdown } from '../../../../core/lib/judge-bench/bench-markdown.ts';
import type { BenchReport } from '../../../../core/lib/judge-bench/bench-report.ts';
import type { ReferenceFigure } from '../../../../core/lib/judge-bench/reference.ts';
import { describeError } from '../../../app/describe-error.ts';
import { notify } from '../../../app/notifications.ts';
import { useClient, useWorkspace } from '../../../app/session.ts';
import { useAttempt } from '../../../app/use-attempt.ts';
import { createFigureCollection, FigureCollectionContext } from '../../../charts/figure-collection.ts';
import { fileStem } from '../../../charts/save-file.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import styles from './bench-work.module.css';
import { SpearmanView } from './spearman-view.tsx';
import { Confusion } from './classes-view.tsx';
import { AtLeast, Invalid, PeopleView } from './views.tsx';
import { Matrix } from './matrix.tsx';
import { Figure } from './figure.tsx';
import { HeadsView } from './heads-view.tsx';
import { errorsFigure, macroF1Figure } from '../../../../core/lib/judge-bench/agreement-tables.ts';

export function ReportView(props: {
  readonly report: BenchReport;
  readonly references: readonly ReferenceFigure[];
}) {
  const { report, references } = props;
  const client = useClient();
  const { readOnly } = useWorkspace();
  const collection = useMemo(() => createFigureCollection(), []);
  const [name, setName] = useState(() => fileStem(report.truth.name.replace(/\.[^.]+$/, '')));
  const { isBusy, failure: problem, attempt } = useAttempt();
  const exportAll = async () => {
    await attempt(async () => {
      const figures = collection.all();
      const pictures = new Set<string>();
      const files = figures.flatMap((figure) => {
        const stem = fileStem(figure.name);
        const svg = figure.svg('light');
        if (svg !== null) pictures.add(stem);
        return [
          ...(svg === null ? [] : [{ name: `${stem}.svg`, text: svg }]),
          { name: `${stem}.csv`, text: figure.csv() },
        ];
      });
      const text = benchMarkdown(report, ({ title }) => {
        const stem = fileStem(title);
        // Some charts say in their name where their numbers come from.
        const own = pictures.has(stem) ? stem : [...pictures].find((name) => name.startsWith(`${stem}-`));
        return own === undefined ? null : `${own}.svg`;
      });
      const saved = await client.judgeBench.saveReport({
        name,
        files: [...files, { name: 'report.md', text }],
      });
      notify({
        severity: 'good',
        title: `${saved.files} files written`,
        detail: saved.folder,
      });
    });
  };
  return (
    <FigureCollectionContext.Provider value={collection}>
      <div className={styles['controls']}>
        <TextField label="Name" value={name} onChange={setName} />
        <span className={styles['folder']}>{`reports/${name}/: every figure as SVG and CSV, report.md`}</span>
        <Button
          kind="primary"
          icon={FolderDown}
          isDisabled={readOnly || isBusy || name.trim() === ''}
          isPending={isBusy}
          onPress={() => void exportAll()}
        >
          Export all
        </Button>
      </div>
      {problem === null ? null : <ErrorState compact {...describeError(problem)} />}
      <SpearmanView report={report} references={references} chosen={null} onChoose={() => undefined} />
      <Matrix report={report} figure={macroF1Figure(report)} scale={[0, 0.8]} />
      <Figure figure={errorsFigure(report)} />
      <div className={styles['grid']}>
        {report.rows.map((row) => (
          <Confusion key={row.name} row={row} language={null} />
        ))}
      </div>
      <Invalid report={report} />
      <AtLeast report={report} language={null} />
      <PeopleView report={report} />
      <HeadsView report={report} references={references} />
    </FigureCollectionContext.Provider>
  );
}

// Which language a figure of the bench shows: one, or all together.
import { languageLabel } from '../../../../core/lib/judge-bench/bench-figure.ts';
import type { BenchReport } from '../../../../core/lib/judge-bench/bench-report.ts';
import { Select } from '../../../ui/select.tsx';
import styles from './bench-work.module.css';

export const ALL = 'all languages';

export function LanguageChoice(props: {
  readonly report: BenchReport;
  readonly value: string;
  readonly onChange: (language: string) => void;
}) {
  return (
    <div className={styles['controls']}>
      <Select
        label="Language"
        value={props.value}
        onChange={props.onChange}
        choices={[ALL, ...props.report.languages].map((id) => ({
          id,
          label: id === ALL ? 'All languages' : languageLabel(id),
        }))}
      />
    </div>
  );
}

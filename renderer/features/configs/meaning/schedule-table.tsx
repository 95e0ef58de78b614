// The learning-rate schedule as a table: the stages with their steps and rates. The plot's text form.
import {
  learningRateAt,
  type LearningRateSchedule,
  type ScheduleStage,
} from '../../../../core/lib/config/derived/learning-rate.ts';
import { formatInteger, formatRate } from '../../../ui/format.ts';
import styles from './meaning.module.css';

export const STAGE_WORDS: Readonly<Record<ScheduleStage['kind'], string>> = {
  warmup: 'warm-up',
  stable: 'stable',
  decay: 'decay',
  floor: 'flat at the minimum',
};

export function ScheduleTable({
  schedule,
  stages,
}: {
  readonly schedule: LearningRateSchedule;
  readonly stages: readonly ScheduleStage[];
}) {
  return (
    <table className={styles['table']}>
      <thead>
        <tr>
          <th scope="col">Stage</th>
          <th scope="col">From step</th>
          <th scope="col">To step</th>
          <th scope="col">Rate</th>
        </tr>
      </thead>
      <tbody>
        {stages.map(({ kind, startStep, endStep }) => {
          const from = formatRate(learningRateAt(schedule, startStep));
          const to = formatRate(learningRateAt(schedule, endStep));
          return (
            <tr key={kind}>
              <th scope="row">{STAGE_WORDS[kind]}</th>
              <td>{formatInteger(startStep)}</td>
              <td>{formatInteger(endStep)}</td>
              <td>{from === to ? from : `${from} → ${to}`}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

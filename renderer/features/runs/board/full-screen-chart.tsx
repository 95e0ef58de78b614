// One chart of a dashboard over the whole window.
import { Dialog } from '../../../ui/dialog.tsx';
import type { DashboardChart } from '../../../../core/lib/dashboards/dashboard.ts';
import styles from './board.module.css';
import { BoardChart, type ChartCardContext, chartTitle } from './chart-card.tsx';

export function FullScreenChart({
  chart,
  context,
  onClose,
}: {
  readonly chart: DashboardChart;
  readonly context: ChartCardContext;
  readonly onClose: () => void;
}) {
  return (
    <Dialog title={chartTitle(chart)} isOpen width="full" onClose={onClose}>
      <div className={styles['full']}>
        <BoardChart chart={chart} context={context} height="fill" menu={[]} />
      </div>
    </Dialog>
  );
}

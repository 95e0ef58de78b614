// The line below a chart: that no point is hidden, how many are no numbers, and how many lie outside of the axis.
import type { Painted } from './paint-plot.ts';
import styles from './line-chart.module.css';

export function ChartFooter({
  painted,
  isAlwaysShown,
  isWhole,
  isRobust,
  onWhole,
}: {
  readonly painted: Painted;
  /** False for small charts, which only say what is unusual. */
  readonly isAlwaysShown: boolean;
  /** Whether a person asked for every point on an axis that leaves some out. */
  readonly isWhole: boolean;
  readonly isRobust: boolean;
  readonly onWhole: (isWhole: boolean) => void;
}) {
  const { points, notFinite, outside } = painted;
  const isUnusual = notFinite > 0 || outside > 0 || (isWhole && isRobust) || Number.isNaN(points + outside);
  if (points === 0 || !(isAlwaysShown || isUnusual)) return null;
  if (Number.isNaN(points) || Number.isNaN(outside))
    return <footer className={styles.footer}>All points are on their way, no extreme is missing</footer>;
  const count = points.toLocaleString('en-US');
  return (
    <footer className={styles.footer}>
      {outside === 0 ? `${count} points, none hidden` : `${count} points`}
      {notFinite > 0 && ` · ${notFinite.toLocaleString('en-US')} not a number`}
      {outside > 0 && (
        <>
          {` · ${outside.toLocaleString('en-US')} outside the axis `}
          {isRobust && !isWhole ? (
            <button type="button" className={styles.action} onClick={() => onWhole(true)}>
              Show
            </button>
          ) : null}
        </>
      )}
      {isRobust && isWhole ? (
        <button type="button" className={styles.action} onClick={() => onWhole(false)}>
          Leave outliers out
        </button>
      ) : null}
    </footer>
  );
}

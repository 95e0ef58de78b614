// One block of a report, with the studio's own widgets.
import type { ReportBlock, ReportChart } from '../../../../core/lib/reports/document.ts';
import { CHART_HEIGHT, CHART_WIDTH, curveGeometry } from '../../../../core/lib/reports/curve-geometry.ts';
import { DataTable } from '../../../ui/data-table.tsx';
import { formatInteger } from '../../../ui/format.ts';
import { PropertyList } from '../../../ui/property-list.tsx';
import styles from './reports.module.css';

export function ReportBlockView({ block }: { readonly block: ReportBlock }) {
  switch (block.kind) {
    case 'text':
      return <p className={styles['text']}>{block.text}</p>;
    case 'facts':
      return <PropertyList properties={block.rows.map(([name, value]) => ({ name, value }))} />;
    case 'table':
      return (
        <figure className={styles['block']}>
          {block.caption === '' ? null : <figcaption className={styles['quiet']}>{block.caption}</figcaption>}
          <div className={styles['scroll']}>
            <DataTable
              label={block.caption === '' ? 'Table' : block.caption}
              rows={block.rows}
              idOf={(_, index) => String(index)}
              columns={block.head.map(({ text, isNumber }, index) => ({
                id: String(index),
                header: text,
                align: isNumber ? ('right' as const) : ('left' as const),
                cell: (row: readonly string[]) => row[index] ?? '',
              }))}
            />
          </div>
        </figure>
      );
    case 'code':
      return (
        <details className={styles['block']}>
          <summary>{block.what}</summary>
          <pre className={styles['code']}>{block.text}</pre>
        </details>
      );
    case 'answer':
      return (
        <details className={styles['block']}>
          <summary>{block.title}</summary>
          <p className={styles['quiet']}>Prompt</p>
          <pre className={styles['code']}>{block.prompt}</pre>
          <p className={styles['quiet']}>Answer</p>
          <pre className={styles['code']}>{block.text}</pre>
        </details>
      );
    case 'chart':
      return <Chart chart={block} />;
  }
}

function Chart({ chart }: { readonly chart: ReportChart }) {
  const geometry = curveGeometry(chart);
  return (
    <figure className={styles['block']}>
      <h4 className={styles['name']}>{chart.title}</h4>
      {geometry === null ? null : (
        <svg
          className={styles['chart']}
          viewBox={`0 0 ${CHART_WIDTH} ${CHART_HEIGHT}`}
          role="img"
          aria-label={`${chart.title}. ${chart.summary}`}
        >
          {geometry.yTicks.map(({ at, label }) => (
            <g key={label}>
              <line
                className={styles['grid']}
                x1={geometry.frame.left}
                x2={geometry.frame.right}
                y1={at}
                y2={at}
              />
              <text x={geometry.frame.left - 8} y={at + 4} textAnchor="end">
                {label}
              </text>
            </g>
          ))}
          {geometry.xTicks.map(({ at, label }) => (
            <text key={label} x={at} y={geometry.frame.bottom + 18} textAnchor="middle">
              {label}
            </text>
          ))}
          {geometry.band === '' ? null : <path className={styles['band']} d={geometry.band} />}
          <path className={styles['line']} d={geometry.line} />
        </svg>
      )}
      <figcaption className={styles['quiet']}>{chart.summary}</figcaption>
      <details>
        <summary>As a table</summary>
        <DataTable
          label={chart.title}
          rows={chart.rows}
          idOf={([step], index) => `${step} ${index}`}
          columns={[
            { id: 'step', header: 'Step', align: 'right', cell: ([step]) => formatInteger(step) },
            { id: 'value', header: chart.tag, align: 'right', cell: ([, value]) => String(value) },
          ]}
        />
      </details>
    </figure>
  );
}

// The menu of dashboards: open one, save this one under a name, rename, copy, remove; columns, charts, sections; undo; export all.
import { LayoutDashboard } from 'lucide-react';
import type { ListedDashboard } from '../../../../core/api/dashboards.ts';
import type { Dashboard } from '../../../../core/lib/dashboards/dashboard.ts';
import { navigate } from '../../../app/route.ts';
import { Menu, type MenuEntry } from '../../../ui/menu.tsx';
import { dashboardHref, dashboardName } from './dashboard-names.ts';
import type { Board } from './use-board.ts';

export type BoardDialog =
  | { readonly kind: 'save' }
  | { readonly kind: 'rename' }
  | { readonly kind: 'remove' }
  | { readonly kind: 'new-section' }
  | { readonly kind: 'rename-section'; readonly sectionId: string }
  | { readonly kind: 'chart'; readonly chartId: string | null };

export interface BoardMenuProps {
  readonly editing: Board;
  readonly dashboards: readonly ListedDashboard[];
  readonly onDialog: (dialog: BoardDialog) => void;
  readonly onExport: (format: 'svg' | 'png' | 'csv') => void;
}

export function BoardMenu({ editing, dashboards, onDialog, onExport }: BoardMenuProps) {
  const { kind, board, path, undo, redo, discard, change } = editing;
  const columns = ([1, 2, 3] as const).map(
    (count): MenuEntry => ({
      id: `columns-${count}`,
      label: count === 1 ? '1 column' : `${count} columns`,
      isOn: board.columns === count,
      perform: () => change({ ...board, columns: count } satisfies Dashboard),
    }),
  );
  const others = dashboards.map(
    (listed): MenuEntry => ({
      id: listed.path,
      label: dashboardName(listed.path),
      ...(listed.problem === null ? {} : { detail: 'cannot be read' }),
      isOn: listed.path === path,
      perform: () => navigate(dashboardHref(listed.path)),
    }),
  );
  const own: readonly MenuEntry[] = [
    {
      id: 'save',
      label: kind === 'file' ? 'Duplicate…' : 'Save as dashboard…',
      perform: () => onDialog({ kind: 'save' }),
    },
    ...(kind === 'file'
      ? [
          { id: 'rename', label: 'Rename…', perform: () => onDialog({ kind: 'rename' }) },
          {
            id: 'remove',
            label: 'Remove dashboard',
            isDanger: true,
            perform: () => onDialog({ kind: 'remove' }),
          },
        ]
      : []),
    ...(discard ? [{ id: 'discard', label: 'Automatic arrangement again', perform: discard }] : []),
  ];
  return (
    <Menu
      label="Dashboard"
      icon={LayoutDashboard}
      groups={[
        [
          { id: 'undo', label: 'Undo change', isDisabled: undo === null, perform: () => undo?.() },
          { id: 'redo', label: 'Redo change', isDisabled: redo === null, perform: () => redo?.() },
        ],
        own,
        [
          { id: 'add-chart', label: 'Add chart…', perform: () => onDialog({ kind: 'chart', chartId: null }) },
          { id: 'add-section', label: 'Add section…', perform: () => onDialog({ kind: 'new-section' }) },
        ],
        columns,
        [
          { id: 'all-svg', label: 'Export all charts as SVG', perform: () => onExport('svg') },
          { id: 'all-png', label: 'Export all charts as PNG', perform: () => onExport('png') },
          { id: 'all-csv', label: 'Export all charts as CSV', perform: () => onExport('csv') },
        ],
        ...(others.length > 0 ? [others] : []),
      ]}
    />
  );
}

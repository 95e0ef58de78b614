// What can be taken out of a figure: picture, numbers, a table for a paper. One menu for every chart; E opens it.
import { Download, Ellipsis, Image, Table2 } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { Menu, type MenuEntry } from '../ui/menu.tsx';
import type { FigureTheme } from './figure-svg.ts';
import { downloadText } from './save-file.ts';

export interface Figure {
  /** Names the files. */
  readonly name: string;
  /** Null where nothing is drawn right now. */
  svg(theme: FigureTheme): string | null;
  csv(): string;
  markdown(): string;
  /** Where the figure is pixels on screen. */
  png?(): void;
  /** Its numbers are still on their way: there is only a picture of them. */
  readonly isWaiting?: boolean;
}

export interface FigureMenuProps {
  readonly figure: Figure;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly isTable: boolean;
  /** Null where there is no other view. */
  readonly onTable: ((isTable: boolean) => void) | null;
  /** What whoever shows the figure adds, above the exports. */
  readonly more?: readonly (readonly MenuEntry[])[];
}

export function FigureMenu(props: FigureMenuProps) {
  const { figure, isOpen, onOpenChange, isTable, onTable, more = [] } = props;
  const save = (theme: FigureTheme) => {
    const svg = figure.svg(theme);
    if (svg !== null) downloadText(svg, 'image/svg+xml', figure.name);
  };
  const waiting = figure.isWaiting === true ? { isDisabled: true, detail: 'points are on their way' } : {};
  const isLight = document.documentElement.dataset['theme'] === 'light';
  const pictures: MenuEntry[] = [
    { id: 'svg', label: 'Export SVG', icon: Download, perform: () => save('light') },
    ...(isLight
      ? []
      : [{ id: 'svg-shown', label: 'Export SVG in this theme', perform: () => save('shown') }]),
    {
      id: 'csv',
      label: 'Export CSV',
      perform: () => downloadText(figure.csv(), 'text/csv', figure.name),
      ...waiting,
    },
    ...(figure.png ? [{ id: 'png', label: 'Export PNG', icon: Image, perform: () => figure.png?.() }] : []),
  ];
  const tables: MenuEntry[] = [
    {
      id: 'markdown',
      label: 'Copy as Markdown table',
      ...waiting,
      // A browser may refuse the clipboard; the table is then still one entry away.
      perform: () => void navigator.clipboard.writeText(figure.markdown()).catch(() => onTable?.(true)),
    },
    ...(onTable
      ? [
          {
            id: 'table',
            label: isTable ? 'Show as chart' : 'Show as table',
            icon: Table2,
            perform: () => onTable(!isTable),
          },
        ]
      : []),
  ];
  return (
    <span data-figure="skip">
      <Menu
        label={`Menu of ${figure.name}`}
        icon={Ellipsis}
        isSmall
        groups={[...more, pictures, tables]}
        isOpen={isOpen}
        onOpenChange={onOpenChange}
      />
    </span>
  );
}

/** Open or not, and the handler that opens it on E anywhere inside the figure. */
export function useFigureMenu() {
  const [isOpen, setIsOpen] = useState(false);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key.toLowerCase() !== 'e' || event.ctrlKey || event.metaKey || event.altKey) return;
    const { target } = event;
    // Keys of the open menu arrive here through React, from outside the figure.
    if (!(target instanceof Element) || !event.currentTarget.contains(target)) return;
    if (target.matches('input, textarea, select, [contenteditable="true"]')) return;
    event.preventDefault();
    event.stopPropagation();
    setIsOpen(true);
  };
  return { isOpen, onOpenChange: setIsOpen, onKeyDown };
}

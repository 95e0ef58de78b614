// Tabs of one pane. Only the chosen panel is mounted.
import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components/Tabs';
import styles from './tabs.module.css';

export interface TabEntry<Id extends string = string> {
  readonly id: Id;
  readonly title: ReactNode;
  readonly content: ReactNode;
}

export function Tabs<Id extends string>({
  label,
  tabs,
  selected,
  onSelect,
  aside,
}: {
  readonly label: string;
  readonly tabs: readonly TabEntry<Id>[];
  readonly selected: Id;
  readonly onSelect: (id: Id) => void;
  /** Right of the tabs. */
  readonly aside?: ReactNode;
}) {
  return (
    <AriaTabs
      className={styles['tabs'] ?? ''}
      selectedKey={selected}
      onSelectionChange={(key) => {
        const chosen = tabs.find(({ id }) => id === key);
        if (chosen) onSelect(chosen.id);
      }}
    >
      <div className={styles['bar']}>
        <TabList aria-label={label} className={styles['list'] ?? ''}>
          {tabs.map(({ id, title }) => (
            <Tab key={id} id={id} className={styles['tab'] ?? ''}>
              {title}
            </Tab>
          ))}
        </TabList>
        {aside}
      </div>
      {tabs.map(({ id, content }) => (
        <TabPanel key={id} id={id} className={styles['panel'] ?? ''}>
          {content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}

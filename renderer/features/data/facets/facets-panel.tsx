// Beside the rows: the values of some columns with how many rows have each, under the other filters. A click keeps a value,
// Alt and a click leaves it out.
import { X } from 'lucide-react';
import { IconButton } from '../../../ui/button.tsx';
import { Menu } from '../../../ui/menu.tsx';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { type Facet, facetKey, facetTitle, useFacets } from './facet-columns.ts';
import { FacetValues, type FacetViewProps } from './facet-values.tsx';
import styles from './facets.module.css';

interface FacetsPanelProps extends FacetViewProps {
  readonly onClose: () => void;
}

/** Entries of a menu that a person still reads through. */
const MAX_OFFERED = 60;

export function FacetsPanel(props: FacetsPanelProps) {
  const { dataset, onClose } = props;
  const [facets, setFacets] = useFacets(dataset.path, dataset.columns);
  const known = new Set(facets.map(facetKey));
  const offered = dataset.columns
    .flatMap(({ name, type }): Facet[] =>
      /ur[il]/i.test(name) && type === 'VARCHAR'
        ? [{ column: name, part: 'host' }, { column: name }]
        : [{ column: name }],
    )
    .filter((facet) => facet.column !== dataset.textColumn && !known.has(facetKey(facet)))
    .slice(0, MAX_OFFERED);
  return (
    <Pane
      header={
        <PaneHeader
          title="Facets"
          actions={
            <>
              {offered.length === 0 ? null : (
                <Menu
                  label="Add a facet"
                  look="quiet"
                  groups={[
                    offered.map((facet) => ({
                      id: facetKey(facet),
                      label: facetTitle(facet),
                      perform: () => setFacets([...facets, facet]),
                    })),
                  ]}
                >
                  Add
                </Menu>
              )}
              <IconButton icon={X} label="Close facets" onPress={onClose} />
            </>
          }
        />
      }
    >
      {facets.length === 0 ? (
        <p className={styles['hint']}>Add a column to see its values with their counts</p>
      ) : (
        facets.map((facet) => (
          <FacetValues
            key={facetKey(facet)}
            {...props}
            facet={facet}
            onRemove={() => setFacets(facets.filter((other) => facetKey(other) !== facetKey(facet)))}
          />
        ))
      )}
    </Pane>
  );
}

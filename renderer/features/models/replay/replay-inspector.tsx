// What a replay does, where its marks are read.
import { Pane, PaneHeader, Section } from '../../../ui/pane.tsx';
import { PropertyList } from '../../../ui/property-list.tsx';

export function ReplayInspector() {
  return (
    <Pane header={<PaneHeader title="How it is replayed" />}>
      <Section title="Marks">
        <PropertyList
          properties={[
            { name: 'Same', value: 'every token is the same' },
            { name: 'Parts', value: 'from some token on it says something else' },
            { name: 'Loops', value: 'it ends in a passage that repeats itself' },
            { name: 'Empty', value: 'nothing but white space' },
          ]}
        />
      </Section>
      <Section title="Kept">
        <PropertyList
          properties={[
            { name: 'Where', value: 'evals/replays/ of the workspace' },
            { name: 'Asked again', value: 'only with other weights, template, prompt or sampling' },
          ]}
        />
      </Section>
    </Pane>
  );
}

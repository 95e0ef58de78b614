// What a replay does, where its marks are read.
import { Pane, PaneHeader, Section } from '../../../ui/pane.tsx';
import { Definitions } from '../../../ui/property-list.tsx';

export function ReplayInspector() {
  return (
    <Pane header={<PaneHeader title="How it is replayed" />}>
      <Section title="Marks">
        <Definitions
          terms={[
            ['Same', 'every token is the same'],
            ['Parts', 'from some token on it says something else'],
            ['Loops', 'it ends in a passage that repeats itself'],
            ['Empty', 'nothing but white space'],
          ]}
        />
      </Section>
      <Section title="Kept">
        <Definitions
          terms={[
            ['Where', 'evals/replays/ of the workspace'],
            ['Asked again', 'only with other weights, template, prompt or sampling'],
          ]}
        />
      </Section>
    </Pane>
  );
}

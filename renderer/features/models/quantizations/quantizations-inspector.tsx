// What the columns of the table mean, where they are read.
import { Pane, PaneHeader, Section } from '../../../ui/pane.tsx';
import { PropertyList } from '../../../ui/property-list.tsx';

export function QuantizationsInspector() {
  return (
    <Pane header={<PaneHeader title="What is measured" />}>
      <Section title="Speed">
        <PropertyList
          properties={[
            { name: 'Load', value: 'from the file to the first token, once' },
            { name: 'Prompt', value: 'tokens read per second, none known before' },
            { name: 'Generation', value: 'tokens written per second, greedy' },
            { name: 'First token', value: 'with the model loaded' },
            { name: 'Memory', value: 'of the process that runs it' },
          ]}
        />
      </Section>
      <Section title="Loss">
        <PropertyList
          properties={[
            { name: 'Bits/byte', value: 'of a held-out text; lower is better, whatever the tokenizer' },
            { name: 'Loss', value: 'bits per byte more than the largest model' },
            { name: '± error', value: 'over the tokens that both read' },
            { name: 'Top-1', value: 'places where both find the same token likeliest' },
          ]}
        />
      </Section>
    </Pane>
  );
}

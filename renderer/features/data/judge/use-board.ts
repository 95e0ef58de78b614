// The board of a judgement as core tells it, now and whenever it changes.
import { useEffect, useState } from 'react';
import type { JudgementBoard } from '../../../../core/api/judges.ts';
import { type StreamState, useStream } from '../../../app/use-stream.ts';

export function useBoard(judgement: string | null): {
  readonly board: JudgementBoard | null;
  readonly state: StreamState;
  restart(): void;
} {
  const [board, setBoard] = useState<JudgementBoard | null>(null);
  useEffect(() => setBoard(null), [judgement]);
  const { state, restart } = useStream<JudgementBoard>({
    key: judgement,
    open: (client, signal) => client.judges.watch({ judgement: judgement ?? '' }, { signal }),
    onItem: setBoard,
  });
  return { board, state, restart };
}

// The main action while judging: from a judgement back to a new question.
import type { PaneProps } from '../../../app/feature.ts';
import { navigate } from '../../../app/route.ts';
import { Button } from '../../../ui/button.tsx';
import { judgeHref, readJudgePlace } from './place.ts';

export function JudgeActions({ argument, query }: PaneProps) {
  if (readJudgePlace(query).judgement === null) return null;
  return <Button onPress={() => navigate(judgeHref(argument ?? '', {}))}>New judgement…</Button>;
}

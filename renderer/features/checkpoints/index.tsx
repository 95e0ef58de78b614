// Checkpoints and their life on this computer: pulled, converted, verified, talked with. Drawn inside runs and beside models.
export { CheckpointPanel } from './checkpoint-panel.tsx';
export { LifeMarks } from './life-marks.tsx';
export { LocalCheckpoints } from './local/local-checkpoints.tsx';
export { LocalCheckpointsLink } from './local/local-link.tsx';
export { RuleSection } from './rule/rule-section.tsx';
export { OpeningFeed, useLives } from './openings.tsx';

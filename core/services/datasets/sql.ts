// Quoting of SQL as services use it; the quoting itself is pure and shared with the window, which shows the same text.
export { sqlDouble, sqlFile, sqlName, sqlText } from '../../lib/datasets/quoting.ts';

import { describe, expect, it } from 'vitest';
import { onTerminal, terminalLog, terminalText } from '../../../cli/terminal-text.ts';

const TITLE = '\u001b]0;owned\u0007';
const UP = '\u001b[2A';

describe('a text of others on a terminal', () => {
  it('cannot set the title, move the cursor or hide what stands before it', () => {
    expect(terminalText(`a${TITLE}b${UP}c\rd\u009b31me\u0008\u007f\u0000`)).toBe(
      'a␛]0;owned␇b␛[2Ac␍d\uFFFD31me␈␡␀',
    );
  });
  it('keeps line ends, tabs and every other letter', () => {
    const text = 'città\tλ 😀\nعربي\r\n';
    expect(terminalText(text)).toBe(text);
  });
  it('of a log keeps colours and progress bars, and nothing else', () => {
    const colours = '\u001b[1;31mred\u001b[0m 10%\r20%\n';
    expect(terminalLog(colours)).toBe(colours);
    expect(terminalLog(`${UP}${TITLE}`)).toBe('␛[2A␛]0;owned␇');
  });
  it('goes into files and pipes as it is', () => {
    expect(onTerminal(UP, {})).toBe(UP);
    expect(onTerminal(UP, { isTTY: true })).toBe('␛[2A');
  });
});

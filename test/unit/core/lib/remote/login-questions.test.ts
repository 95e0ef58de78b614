// Which questions of ssh are new ones, and which are ssh trying again. Texts as OpenSSH 9.2 and 8.4 print them.
import { describe, expect, it } from 'vitest';
import { goesToTheHost, isAskedAgain } from '../../../../../core/lib/remote/login-questions.ts';

const answered = (question: string, printedLength = 0) => ({ question, printedLength });

describe('a question of ssh', () => {
  it('is asked again when the host did not take the answer', () => {
    const dialogue = '(ada@login.example.org) Password: ';
    expect(isAskedAgain(dialogue, [], '')).toBe(false);
    expect(isAskedAgain(dialogue, [answered(dialogue)], '')).toBe(true);
    expect(isAskedAgain('(ada@login.example.org) Code: ', [answered(dialogue)], '')).toBe(false);
    // The same words of another host.
    expect(isAskedAgain('(ada@inner.example.org) Password: ', [answered(dialogue)], '')).toBe(false);
    // Both are passwords of one login: the first was not taken.
    expect(isAskedAgain("ada@login.example.org's password: ", [answered(dialogue)], '')).toBe(true);
    expect(isAskedAgain("ada@other.example.org's password: ", [answered(dialogue)], '')).toBe(false);
  });

  it('is a new one after the host said that the first method succeeded', () => {
    const printed = 'Authenticated using "keyboard-interactive" with partial success.\n';
    const password = "ada@login's password: ";
    expect(isAskedAgain(password, [answered('(ada@login) Password: ')], printed)).toBe(false);
    expect(isAskedAgain(password, [answered('(ada@login) Password: ', printed.length)], printed)).toBe(true);
  });

  it('may be a passphrase twice: of a bastion and of the host behind it', () => {
    const passphrase = "Enter passphrase for key '/home/ada/.ssh/id_ed25519': ";
    expect(isAskedAgain(passphrase, [answered(passphrase)], '')).toBe(false);
  });

  it('is settled on this computer, or sent to the host', () => {
    expect(goesToTheHost("ada@login's password: ")).toBe(true);
    expect(goesToTheHost('(ada@login) Verification code: ')).toBe(true);
    expect(goesToTheHost("Enter passphrase for key '/home/ada/.ssh/id': ")).toBe(false);
    expect(goesToTheHost('Enter PIN for ED25519-SK key /home/ada/.ssh/id: ')).toBe(false);
    expect(goesToTheHost("The authenticity of host 'x (1.2.3.4)' can't be established.\n…")).toBe(false);
  });
});

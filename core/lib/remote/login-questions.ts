// Which questions of ssh may be shown to a person, and which are ssh trying again by itself: after a wrong code it goes on to the
// next method, and a jump host is tried three times whatever the target's options say. Sites lock accounts for that.

/** As OpenSSH 8.4 to 10 word them: `(ada@login) Password: ` and `ada@login's password: `. */
const dialogue = /^\((\S+@\S+)\) /;
const password = /^(\S+@\S+)'s password:/;

export interface AnsweredQuestion {
  readonly question: string;
  /** How much ssh had printed when it was answered. */
  readonly printedLength: number;
}

/**
 * The host did not take the answers it got, and ssh tries once more. `printed` is what ssh has written to standard error: a host
 * that wants two methods says there that the first one succeeded.
 */
export function isAskedAgain(
  question: string,
  answered: readonly AnsweredQuestion[],
  printed: string,
): boolean {
  const login = password.exec(question)?.[1];
  if (login === undefined) {
    return dialogue.test(question) && answered.some((earlier) => earlier.question === question);
  }
  return answered.some((earlier) => {
    if (earlier.question === question) return true;
    const isSameLogin = dialogue.exec(earlier.question)?.[1] === login;
    return isSameLogin && !/with partial success/.test(printed.slice(earlier.printedLength));
  });
}

/**
 * Without an answer ssh sends an empty one, which counts as a failed login. Passphrases, PINs and host keys are settled on this
 * computer: there ssh may go on to the next way of logging in.
 */
export function goesToTheHost(question: string): boolean {
  return !/^(Enter passphrase for|Enter PIN for|The authenticity of host|Please type 'yes'|Confirm user presence)/.test(
    question.trimStart(),
  );
}

// The question of ssh about an unknown host, as OpenSSH 9.2 words it.
import { describe, expect, it } from 'vitest';
import { hostKeyQuestion, namesFingerprint } from '../../../../../core/lib/remote/host-key-question.ts';

const FINGERPRINT = 'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU';
const question = (host: string): string =>
  [
    `The authenticity of host '${host}' can't be established.`,
    `ED25519 key fingerprint is ${FINGERPRINT}.`,
    'This key is not known by any other names.',
    'Are you sure you want to continue connecting (yes/no/[fingerprint])? ',
  ].join('\n');

describe('the question about the key of a host', () => {
  it('names host, kind of key and fingerprint', () => {
    expect(hostKeyQuestion(question('github.com (140.82.121.4)'))).toEqual({
      host: 'github.com (140.82.121.4)',
      keyType: 'ED25519',
      fingerprint: FINGERPRINT,
    });
    expect(hostKeyQuestion(question('[127.0.0.1]:22 ([127.0.0.1]:22)'))?.host).toBe('[127.0.0.1]:22');
  });

  it.each([
    '',
    "user@host's password: ",
    'Enter passphrase for key /home/a/.ssh/id: ',
    'Allow use of key x?',
  ])('is not %j', (text) => expect(hostKeyQuestion(text)).toBeNull());

  it('compares what a site publishes, however it is written', () => {
    const bare = FINGERPRINT.slice('SHA256:'.length);
    for (const pasted of [FINGERPRINT, bare, `256 ${FINGERPRINT} root@login (ED25519)`, `"${bare}="`])
      expect(namesFingerprint(pasted, FINGERPRINT)).toBe(true);
    for (const pasted of ['', 'SHA256:', bare.toLowerCase(), bare.slice(0, -1), `${bare}x`])
      expect(namesFingerprint(pasted, FINGERPRINT)).toBe(false);
  });
});

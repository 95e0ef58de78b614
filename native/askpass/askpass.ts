// What ssh runs when it wants to ask a person something: passes the question to the studio over a socket and prints the answer.
// Ends with 1 when nobody answers, which ssh takes for a refusal; told `false` it ends ssh as well, which would send an empty answer.
import { connect } from 'node:net';

const socketPath = process.env['NESSO_ASKPASS_SOCKET'];
const question = process.argv[2] ?? '';
// `confirm`: yes or no; `none`: only to be shown while ssh waits (a hardware key wants to be touched).
const kind = process.env['SSH_ASKPASS_PROMPT'] ?? 'answer';

if (socketPath === undefined) process.exit(1);
const socket = connect(socketPath);
let answer = '';
socket.setEncoding('utf8');
socket.on('error', () => process.exit(1));
socket.on('data', (text: string) => {
  answer += text;
});
socket.on('end', () => {
  const parsed: unknown = answer === '' ? null : JSON.parse(answer);
  // On Windows a shell stands between, so the process above is not ssh.
  if (parsed === false && process.platform !== 'win32') process.kill(process.ppid);
  if (typeof parsed !== 'string') process.exit(1);
  process.stdout.write(`${parsed}\n`, () => process.exit(0));
});
socket.write(`${JSON.stringify({ question, kind })}\n`);

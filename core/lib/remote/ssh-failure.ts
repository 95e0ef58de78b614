// Why an ssh client ended, from what it printed last, in words a person can act on. OpenSSH has no codes for it: 255 means any
// failure, and a remote command may end with 255 too, so only a client that never became ready is explained by this.

export interface SshFailure {
  readonly message: string;
  readonly hint: string;
  /** Trying again by itself cannot help: a person has to do something first. */
  readonly needsPerson: boolean;
}

interface Known {
  readonly sign: RegExp;
  readonly message: string;
  readonly hint: string;
  readonly needsPerson: boolean;
}

/** What the askpass program of an attempt without a person prints, then the question. */
export const NOBODY_ANSWERS = 'nobody is here to answer';

/** The host asked again, or a person closed the question: nothing more was sent. */
export const wrongAnswer: SshFailure = {
  message: 'The host did not accept the answer',
  hint: 'Check password and code, and connect again; a code can often be used once only',
  needsPerson: true,
};
export const noAnswer: SshFailure = {
  message: 'The login was given up at a question',
  hint: 'Connect again to be asked again',
  needsPerson: true,
};

const asks: SshFailure = {
  message: 'The login asks for something',
  hint: 'Connect, and answer what is asked',
  needsPerson: true,
};
/** A host that would have gone on with a question, had somebody been there: it lists the methods that are left. */
const WOULD_ASK = /Permission denied \([^)]*\b(?:password|keyboard-interactive)\b/;

/** As OpenSSH 8.4 to 10 print them (ssh.c, sshconnect.c, sshconnect2.c). */
const known: readonly Known[] = [
  { sign: new RegExp(NOBODY_ANSWERS), ...asks },
  {
    sign: /REMOTE HOST IDENTIFICATION HAS CHANGED|Host key for .+ has changed/,
    message: 'The host shows another key than before',
    hint: 'Ask the administrators whether it changed; if so, remove the old one: ssh-keygen -R HOST',
    needsPerson: true,
  },
  {
    sign: /Host key verification failed|No .+ host key is known/,
    message: 'The key of the host is not known',
    hint: 'Connect by hand and compare its fingerprint with the one your site publishes',
    needsPerson: true,
  },
  {
    sign: /Too many authentication failures/,
    message: 'The host refused after too many keys',
    hint: 'Name the key in your ssh configuration: IdentityFile … and IdentitiesOnly yes',
    needsPerson: true,
  },
  {
    sign: /Permission denied/,
    message: 'The host did not accept the login',
    hint: 'Check user, key, password or code, and connect again',
    needsPerson: true,
  },
  {
    sign: /Could not resolve hostname/,
    message: 'There is no host of that name',
    hint: 'Check the name in your ssh configuration, and that you are on the right network or VPN',
    needsPerson: false,
  },
  {
    sign: /Connection refused/,
    message: 'The host refuses connections',
    hint: 'Its SSH service may be down, or the port is another one',
    needsPerson: false,
  },
  {
    sign: /Connection timed out|Operation timed out|timed out during banner|banner exchange.*timeout/i,
    message: 'The host does not answer',
    hint: 'Check the network or VPN; login nodes may be in maintenance',
    needsPerson: false,
  },
  {
    sign: /No route to host|Network is unreachable|Network is down/,
    message: 'The host cannot be reached from here',
    hint: 'Check the network or VPN',
    needsPerson: false,
  },
  {
    sign: /Bad configuration option|terminating, \d+ bad configuration options|Bad owner or permissions/,
    message: 'Your ssh configuration has an error',
    hint: 'The details name the file and line; ssh HOST in a terminal shows the same',
    needsPerson: true,
  },
  {
    sign: /Connection (closed|reset)|kex_exchange_identification|Broken pipe|Timeout, server .* not responding/,
    message: 'The host closed the connection',
    hint: 'It may be overloaded or limit connections; try again in a moment',
    needsPerson: false,
  },
  {
    sign: /This account is currently not available|nologin/,
    message: 'The account may not log in on this host',
    hint: 'Ask the administrators for a login node you may use',
    needsPerson: true,
  },
];

/** `printed` is what ssh wrote to standard error. `isUnattended`: it was told to ask nothing. */
export function explainSshFailure(printed: string, isUnattended = false): SshFailure {
  if (isUnattended && WOULD_ASK.test(printed)) return asks;
  const found = known.find(({ sign }) => sign.test(printed));
  if (found) return { message: found.message, hint: found.hint, needsPerson: found.needsPerson };
  return {
    message: 'The connection could not be made',
    hint: 'Try ssh HOST in a terminal; the details hold what ssh said',
    needsPerson: false,
  };
}

// Why a served call was aborted: its caller cancelled it, or the connection to the caller closed (a window that was reloaded).

const CLOSED = 'The connection closed';

export function connectionClosed(): DOMException {
  return new DOMException(CLOSED, 'AbortError');
}

/** Of `signal.reason`. */
export function isConnectionClosed(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === 'AbortError' && reason.message === CLOSED;
}

// Loaded before the entry of a utility process: gives it `process.parentPort` over Node's own channel.
import { EventEmitter } from 'node:events';
import { MessageChannelMain, type PortMessage, PortTable } from './ports.ts';

const ports = new PortTable();
const send = (message: object) => process.connected && process.send?.(message);
const parentPort = Object.assign(new EventEmitter(), { postMessage: (data: unknown) => send({ data }) });

process.on('message', (message: PortMessage & { ports: number[] }) => {
  if (ports.receive(message)) return;
  const given = message.ports.map(() => new MessageChannelMain());
  const announce = () =>
    parentPort.emit('message', { data: message.data, ports: given.map(({ port1 }) => port1) });
  const far = given.map(({ port2 }) => port2);
  ports.hand(far, announce, (port, data, closed) => send({ port, data, closed }), message.ports);
});
Object.assign(process, { parentPort });

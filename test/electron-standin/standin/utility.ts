// Loaded before the entry of a utility process: gives it `process.parentPort` over Node's own channel.
import { EventEmitter } from 'node:events';
import { MessageChannelMain, PortTable } from './ports.ts';

const ports = new PortTable();
const postMessage = (data: unknown) => process.send?.({ data });
const parentPort = Object.assign(new EventEmitter(), { postMessage });

function openPort(id: number) {
  const { port1, port2 } = new MessageChannelMain();
  ports.hand(port2, (port, data, closed) => process.connected && process.send?.({ port, data, closed }), id);
  return port1;
}

process.on('message', (message: { data: unknown; port?: number; closed: boolean; ports: number[] }) => {
  if (message.port !== undefined) ports.receive(message.port, message.data, message.closed);
  else parentPort.emit('message', { data: message.data, ports: message.ports.map(openPort) });
});
Object.assign(process, { parentPort });

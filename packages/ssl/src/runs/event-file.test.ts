import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startCpuEngine } from '../testing/cpu-engine.js';

import { optionsOf, stopAfter, weightsAfter } from '../testing/tiny-runs.js';
import { crc32c, maskedCrc32c } from './crc32c.js';
import { encodeEvent } from './encode-event.js';

const root = mkdtempSync(path.join(tmpdir(), 'nerfseg-events-'));
beforeAll(async () => {
  await startCpuEngine();
});
afterAll(() => rmSync(root, { recursive: true }));

describe("TensorBoard's files", () => {
  /** Reads records and their events as the formats say: written apart from the writer. */
  function decode(
    file: Uint8Array,
  ): { step: number; wallTime: number; text?: string; start: boolean; scalars: Record<string, number> }[] {
    const view = new DataView(file.buffer, file.byteOffset, file.length);
    const events = [];
    for (let at = 0; at < file.length; ) {
      const length = Number(view.getBigUint64(at, true));
      expect(view.getUint32(at + 8, true)).toBe(maskedCrc32c(file.subarray(at, at + 8)));
      const data = file.subarray(at + 12, at + 12 + length);
      expect(view.getUint32(at + 12 + length, true)).toBe(maskedCrc32c(data));
      at += 16 + length;
      const event = {
        step: 0,
        wallTime: 0,
        start: false,
        scalars: {} as Record<string, number>,
      } as ReturnType<typeof decode>[0];
      for (const [number, value] of fieldsOf(data)) {
        if (number === 1) event.wallTime = value as number;
        if (number === 2) event.step = value as number;
        if (number === 3) event.text = Buffer.from(value as Uint8Array).toString();
        if (number === 7) event.start = fieldsOf(value as Uint8Array)[0]![1] === 1;
        if (number === 5)
          for (const [, one] of fieldsOf(value as Uint8Array)) {
            const [[, tag], [, scalar]] = fieldsOf(one as Uint8Array) as [
              [number, Uint8Array],
              [number, number],
            ];
            event.scalars[Buffer.from(tag).toString()] = scalar;
          }
      }
      events.push(event);
    }
    return events;
  }

  function fieldsOf(data: Uint8Array): [number, number | Uint8Array][] {
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    const fields: [number, number | Uint8Array][] = [];
    let at = 0;
    const varint = (): number => {
      let [value, factor] = [0, 1];
      for (;;) {
        const byte = data[at++]!;
        value += (byte & 127) * factor;
        if (byte < 128) return value;
        factor *= 128;
      }
    };
    while (at < data.length) {
      const key = varint();
      const kind = key & 7;
      if (kind === 0) fields.push([key >> 3, varint()]);
      else if (kind === 1) {
        fields.push([key >> 3, view.getFloat64(at, true)]);
        at += 8;
      } else if (kind === 5) {
        fields.push([key >> 3, view.getFloat32(at, true)]);
        at += 4;
      } else {
        const length = varint();
        fields.push([key >> 3, data.subarray(at, at + length)]);
        at += length;
      }
    }
    return fields;
  }

  it('CRC-32C: the check value of its definition, and RFC 3720, B.4', () => {
    expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
  });

  it('an event, byte for byte as TensorFlow writes it', () => {
    // The first record of every event file: wall_time 0 here, file_version "brain.Event:2".
    const record = encodeEvent(0, 0, { fileVersion: 'brain.Event:2' });
    expect(Buffer.from(record.subarray(12, -4)).toString('hex')).toBe(
      `09${'00'.repeat(8)}1000${'1a0d'}${Buffer.from('brain.Event:2').toString('hex')}`,
    );
    expect(decode(encodeEvent(1.5, 3_000_000_000, { scalars: { a: 0.5, 'b/c': -2 } }))).toEqual([
      { step: 3_000_000_000, wallTime: 1.5, start: false, scalars: { a: 0.5, 'b/c': -2 } },
    ]);
  });

  it('a run leaves its losses, and a resumed one says from where it goes on', async () => {
    const runFolder = path.join(root, 'events');
    const options = optionsOf({}, { runFolder });
    await stopAfter(2, options);
    await weightsAfter(options);
    const files = readdirSync(runFolder)
      .filter((name) => name.startsWith('events.out.tfevents.'))
      .sort();
    expect(files).toHaveLength(2);
    const [first, second] = files.map((name) =>
      decode(new Uint8Array(readFileSync(path.join(runFolder, name)))),
    );
    expect(first![0]!.text).toBe('brain.Event:2');
    expect(first!.slice(2).map(({ step }) => step)).toEqual([1, 2]);
    expect(second![1]).toMatchObject({ start: true, step: 3 });
    expect(second!.slice(2).map(({ step }) => step)).toEqual([3, 4, 5, 6]);
    expect(Object.keys(second![2]!.scalars)).toEqual(
      expect.arrayContaining(['loss/total', 'loss/labels', 'optimizer/learning rate', 'seconds/forward']),
    );
  });
});

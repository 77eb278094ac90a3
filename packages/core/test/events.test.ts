import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EffectEvent, EffectSink, Origin } from '../src/stage2/index.ts';
import {
  EFFECT_NAMES,
  EFFECTS,
  EventLog,
  IgnoreEffects,
  makeSink,
  readEvent,
  replayEvent,
  teeEffects,
  writeEvent,
} from '../src/stage2/index.ts';

/** Any effects, each with who acts and when. */
const events = fc.array(
  fc.constantFrom(...EFFECT_NAMES).chain((effect) =>
    fc.record({
      at: fc.integer({ min: 0, max: 2 ** 50 }),
      agent: fc.nat({ max: 128 }),
      task: fc.constantFrom('fault', 'log-on', ''),
      phase: fc.constantFrom('map', 'check', 'write-protect', ''),
      effect: fc.constant(effect),
      values: fc.array(fc.integer({ min: 0, max: 2 ** 52 }), {
        minLength: EFFECTS[effect].length,
        maxLength: EFFECTS[effect].length,
      }),
    }),
  ),
  { maxLength: 600 },
);

/** A log that has heard events. */
function logOf(heard: readonly EffectEvent[]): EventLog {
  const origin: Origin = { agent: 0, task: '', phase: '' };
  let now = 0;
  const log = new EventLog(origin, () => now);
  for (const event of heard) {
    now = event.at;
    Object.assign(origin, { agent: event.agent, task: event.task, phase: event.phase });
    replayEvent(event, log.sink);
  }
  return log;
}

describe('a log of events', () => {
  it('says of every effect who did it, in which phase of which task, and when', () => {
    fc.assert(
      fc.property(events, (heard) => {
        expect([...logOf(heard)]).toEqual(heard);
      }),
    );
  });

  it('has no event beyond its last', () => {
    expect(() => logOf([]).event(0)).toThrow('the log has 0');
  });
});

describe('an event as text', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(events, (heard) => {
        expect(heard.map((event) => readEvent(writeEvent(event)))).toEqual(heard);
      }),
    );
  });

  it.each([
    ['[1,2', 'not JSON'],
    ['{}', 'not an array'],
    ['[0,0,"fault"]', 'begins with a time, an agent, a task and a phase'],
    ['[0,0,"fault","map","tlbiAll"]', '"tlbiAll" is no effect'],
    ['[0,0,"fault","map","tlbiIpa",1]', 'tlbiIpa takes 2 numbers: address, level'],
    ['[0,0,"fault","map","tlbiIpa",1,"2"]', 'tlbiIpa takes 2 numbers'],
    ['[0,0,"fault","map","tlbiVmid",1]', 'tlbiVmid takes 0 numbers: none'],
  ])('%s is refused in one line', (line, why) => {
    expect(() => readEvent(line)).toThrow(SyntaxError);
    expect(() => readEvent(line)).toThrow(why);
  });
});

describe('a tee', () => {
  it('hands every effect to each sink, with its numbers, in the order of the sinks', () => {
    fc.assert(
      fc.property(events, (heard) => {
        const calls: string[] = [];
        const naming = (sink: string): EffectSink =>
          makeSink((name) => (...values) => {
            calls.push([sink, name, ...values.slice(0, EFFECTS[name].length)].join(' '));
          });
        const tee = teeEffects(naming('one'), naming('two'));
        for (const event of heard) replayEvent(event, tee);
        expect(calls).toEqual(
          heard.flatMap(({ effect, values }) => ['one', 'two'].map((sink) => [sink, effect, ...values].join(' '))),
        );
      }),
    );
  });
});

it('a sink that ignores everything has each effect, and one that overrides some keeps the rest', () => {
  let flushes = 0;
  class Flushes extends IgnoreEffects {
    override tlbiVmid(): void {
      flushes++;
    }
  }
  const sink = new Flushes();
  for (const effect of EFFECT_NAMES) replayEvent({ at: 0, agent: 0, task: '', phase: '', effect, values: [] }, sink);
  expect(flushes).toBe(1);
});

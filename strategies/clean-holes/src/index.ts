/**
 * Does what install-first-uniform-cmo does, until you change it: say here in a sentence what is new.
 *
 * Then why it is right: who could see what in between, and what keeps them from it.
 */
import { defineStrategy, NO_ENTRY, NO_TABLE } from '@s2bench/core';

export default defineStrategy({
  name: 'clean-holes',
  summary: 'as install-first-uniform-cmo; say here what happens at a coalesce, in which order',
  source: 'not posted yet; starts from install-first-uniform-cmo',
  expects: 'safe',

  tablePre(entry, map) {
    if (map.anchor !== NO_ENTRY) return;
    if (!map.blockSupported(entry)) return;

    map.anchor = entry.id;
    map.followed = map.follow(entry);
    map.invalidate(entry);
    map.tlbiVmid();
    // Before the install: from then on the guest can read from the point of coherency.
    map.clean(entry);
    map.install(entry);
  },

  tablePost(entry, map) {
    if (map.anchor === NO_ENTRY) return;

    if (map.anchor !== entry.id) {
      map.freeTable(map.follow(entry));
      map.put(entry);
      return;
    }
    map.freeTable(map.followed);
    map.followed = NO_TABLE;
    map.anchor = NO_ENTRY;
  },
});

// Reads a file of { address: document } and loads every document as a viewer would: @iiif/parser normalises it (version 2 after its
// upgrade), @iiif/vault takes it in and gives it back. Any exception, any Canvas that gets lost, is a failure.
import { readFileSync } from 'node:fs';
import { normalize } from '@iiif/parser';
import { upgrade } from '@iiif/parser/upgrader';
import { Vault } from '@iiif/vault';

const documents = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const failures = [];

function items(document) {
  if (document.sequences) return document.sequences[0].canvases.map((canvas) => canvas['@id']);
  if (document['@type']) return ['collections', 'manifests', 'members'].flatMap((key) => document[key] ?? []).map((member) => member['@id']);
  return document.items.map((item) => item.id);
}

async function check(address, document) {
  const kind = document.type ?? document['@type'].replace('sc:', '');
  const id = document.id ?? document['@id'];
  const third = document.type ? document : upgrade(structuredClone(document));
  const normalised = normalize(structuredClone(third));
  const entity = normalised.entities[kind][id];
  if (!entity) throw new Error('the parser lost the document');
  const vault = new Vault();
  const loaded = kind === 'Manifest' ? await vault.loadManifest(id, structuredClone(document)) : await vault.loadCollection(id, structuredClone(document));
  if (!loaded) throw new Error('the vault loaded nothing');
  const expected = items(document).sort().join();
  for (const [name, found] of [['parser', entity], ['vault', loaded]]) {
    const got = found.items.map((item) => item.id).sort().join();
    if (got !== expected) throw new Error(`the ${name} found ${got}, not ${expected}`);
  }
  for (const item of kind === 'Manifest' ? loaded.items : []) {
    const canvas = vault.get(item);
    if (!(canvas.width > 0 && canvas.height > 0)) throw new Error(`${item.id} has no extent`);
  }
}

for (const [address, document] of Object.entries(documents)) {
  try {
    await check(address, document);
  } catch (error) {
    failures.push(`${address}: ${error.stack ?? error}`);
  }
}
console.log(`${Object.keys(documents).length} documents, ${failures.length} failures`);
if (failures.length) {
  console.log(failures.slice(0, 10).join('\n'));
  process.exit(1);
}

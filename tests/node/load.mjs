// Reads a file of { address: document } and loads every document as a viewer would: @iiif/parser normalises it (version 2 after its
// upgrade), @iiif/vault takes it in and gives it back. Any exception, any part that gets lost or changes its number, is a failure.
import { readFileSync } from 'node:fs';
import { normalize } from '@iiif/parser';
import { upgrade } from '@iiif/parser/upgrader';
import { Vault } from '@iiif/vault';

const documents = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const failures = [];
const kParts = ['Canvas', 'Range', 'AnnotationPage', 'Annotation'];

const list = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

function items(document) {
  if (document.sequences) return document.sequences[0].canvases.map((canvas) => canvas['@id']);
  if (document['@type']) return ['collections', 'manifests', 'members'].flatMap((key) => document[key] ?? []).map((member) => member['@id']);
  return (document.items ?? []).map((item) => item.id);
}

// The ids of all parts that a document of version 3 tells (not only names), by type. A Canvas that stands for another is one, too.
function told3(document) {
  const found = Object.fromEntries(kParts.map((type) => [type, new Set()]));
  const walk = (value) => {
    if (Array.isArray(value)) return value.forEach(walk);
    if (value === null || typeof value !== 'object') return;
    if (kParts.includes(value.type) && value.id && (value.type === 'Annotation' || value.items)) found[value.type].add(value.id);
    for (const [key, inside] of Object.entries(value)) if (key !== 'target') walk(inside);
  };
  walk(document);
  return found;
}

// Of version 2 the upgrade keeps the ids of Canvases, Ranges and painting annotations.
function told2(document) {
  const canvases = (document.sequences ?? []).slice(0, 1).flatMap((sequence) => sequence.canvases);
  return {
    Canvas: new Set(canvases.map((canvas) => canvas['@id'])),
    Range: new Set((document.structures ?? []).map((range) => range['@id'])),
    Annotation: new Set(canvases.flatMap((canvas) => canvas.images ?? []).map((image) => image['@id'])),
  };
}

// What the libraries cannot read although the specifications have it; the rest of such a document is looked at.
function without_known_faults(value) {
  if (Array.isArray(value)) return value.map(without_known_faults);
  if (value === null || typeof value !== 'object') return value;
  // @iiif/parser 2.2.10 does not upgrade a region or a rotation of a picture (Presentation 2.1, 6.1 and 6.6): it is loaded as the whole picture.
  if (value['@type'] === 'oa:SpecificResource' && value.full?.['@id']) return without_known_faults(value.full);
  const entries = Object.entries(value).map(([key, inside]) => [key, without_known_faults(inside)]);
  // It takes `supplementary` of a Range for a list, which Presentation 3.0, 3.3.2 does not let it be.
  return Object.fromEntries(entries.map(([key, inside]) => [key, key === 'supplementary' ? list(inside) : inside]));
}

// @iiif/vault 0.9.22 holds a parser of its own, 1.1.2, that upgrades an annotation's body twice and so loses the pictures of a Choice.
function for_vault(document, third) {
  return JSON.stringify(document).includes('"oa:Choice"') ? third : document;
}

function has_extent(canvas) {
  return (canvas.width > 0 && canvas.height > 0) || canvas.duration > 0;
}

function compare(name, expected, entities) {
  for (const [type, ids] of Object.entries(expected)) {
    const lost = [...ids].filter((id) => entities[type][id]?.type !== type);
    if (lost.length) throw new Error(`the ${name} lost ${lost.length} of ${ids.size} ${type}: ${lost.slice(0, 3)}`);
  }
}

async function check(address, given) {
  const document = without_known_faults(given);
  const kind = document.type ?? document['@type'].replace('sc:', '');
  const id = document.id ?? document['@id'];
  const third = document.type ? document : upgrade(structuredClone(document));
  const normalised = normalize(structuredClone(third));
  const entity = normalised.entities[kind][id];
  if (!entity) throw new Error('the parser lost the document');
  const vault = new Vault();
  const given_to_vault = structuredClone(for_vault(document, third));
  const loaded = kind === 'Manifest' ? await vault.loadManifest(id, given_to_vault) : await vault.loadCollection(id, given_to_vault);
  if (!loaded) throw new Error('the vault loaded nothing');
  const expected = items(document).sort().join();
  const told = document.type ? told3(document) : told2(document);
  for (const [name, found, entities] of [['parser', entity, normalised.entities], ['vault', loaded, vault.getState().iiif.entities]]) {
    const got = found.items.map((item) => item.id).sort().join();
    if (got !== expected) throw new Error(`the ${name} found ${got}, not ${expected}`);
    compare(name, told, entities);
  }
  for (const item of kind === 'Manifest' ? loaded.items : []) {
    const canvas = vault.get(item);
    if (!has_extent(canvas)) throw new Error(`${item.id} has no extent`);
  }
  return told;
}

const counts = {};
for (const [address, document] of Object.entries(documents)) {
  try {
    for (const [type, ids] of Object.entries(await check(address, document))) counts[type] = (counts[type] ?? 0) + ids.size;
  } catch (error) {
    failures.push(`${address}: ${error.stack ?? error}`);
  }
}
console.log(`${Object.keys(documents).length} documents, ${failures.length} failures`);
console.log(JSON.stringify(counts));
if (failures.length) {
  console.log(failures.slice(0, 10).join('\n'));
  process.exit(1);
}

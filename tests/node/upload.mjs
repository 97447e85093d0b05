// Sends a file with tus-js-client as a page or a script would: in pieces, breaks off after the first, and goes on with a new upload of the same address. Prints the requests that it made.
// node upload.mjs ENDPOINT AUTHORIZATION FILE NAME FOLDER
import { createReadStream, statSync } from 'node:fs';
import { Upload } from 'tus-js-client';

const [endpoint, authorization, file, filename, folder] = process.argv.slice(2);
const asked = [];
const common = {
  endpoint,
  headers: { Authorization: authorization },
  metadata: { filename, folder },
  uploadSize: statSync(file).size,
  chunkSize: 1_000_000,
  retryDelays: [0, 500, 1000, 3000],
  onAfterResponse: (request, response) => asked.push(`${request.getMethod()} ${response.getStatus()}`),
};

const address = await new Promise((resolve, reject) => {
  const upload = new Upload(createReadStream(file), {
    ...common,
    onError: reject,
    onChunkComplete: () => upload.abort().then(() => resolve(upload.url), reject),
  });
  upload.start();
});
await new Promise((resolve, reject) => {
  new Upload(createReadStream(file), { ...common, uploadUrl: address, onError: reject, onSuccess: resolve }).start();
});
console.log(asked.join('\n'));

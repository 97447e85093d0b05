"""Cantaloupe, where --cantaloupe names its jar (its releases are on GitHub, not in Maven Central, so nothing fetches it)."""
import shutil

from peers.server import Peer, Server, free_port, wait_for

CONFIGURATION = """
http.enabled = true
http.host = 127.0.0.1
http.port = {port}
https.enabled = false
endpoint.iiif.2.enabled = false
endpoint.iiif.3.enabled = true
max_pixels = 0
source.static = FilesystemSource
FilesystemSource.lookup_strategy = BasicLookupStrategy
FilesystemSource.BasicLookupStrategy.path_prefix = {pictures}/
FilesystemSource.BasicLookupStrategy.path_suffix =
processor.selection_strategy = ManualSelectionStrategy
processor.ManualSelectionStrategy.tif = Java2dProcessor
processor.ManualSelectionStrategy.jpg = TurboJpegProcessor
processor.ManualSelectionStrategy.jp2 = OpenJpegProcessor
processor.ManualSelectionStrategy.fallback = Java2dProcessor
processor.jpg.quality = {quality}
cache.client.enabled = true
cache.server.derivative.enabled = {caches}
cache.server.derivative = HeapCache
cache.server.info.enabled = true
HeapCache.target_size = 1G
HeapCache.persist = false
log.application.level = error
log.application.ConsoleAppender.enabled = true
log.access.ConsoleAppender.enabled = false
"""


class Cantaloupe(Peer):
    name = "cantaloupe"

    def missing(self):
        if not self.options.cantaloupe:
            return "no --cantaloupe JAR"
        return "" if shutil.which("java") else "java is missing"

    def refuses(self, picture):
        return "" if picture.file.suffix in (".tif", ".jpg", ".jp2") else f"it reads no {picture.file.suffix}"

    def version(self):
        return self.options.cantaloupe.name

    def start(self, picture, folder, caches, arguments):
        server = Server(folder)
        port = free_port()
        (folder / "cantaloupe.properties").write_text(CONFIGURATION.format(
            port=port, pictures=picture.file.parent, quality=self.options.quality, caches=str(caches).lower()))
        server.spawn(["java", f"-Dcantaloupe.config={folder / 'cantaloupe.properties'}", "-Xmx2g", "-jar", self.options.cantaloupe], cwd=folder)
        server.url = f"http://127.0.0.1:{port}/iiif/3/"
        wait_for(f"{server.url}{picture.file.name}/info.json", 60)
        return server

"""nginx with the same answers as static files: what a tile costs when there is nothing to do but send it.

The files hold the bytes that Armarium answers, under the same paths; open_file_cache and an access log are on, as on a site.
"""
import os
import shutil

from peers.iipsrv import tool_version
from peers.server import Peer, Server, free_port, wait_for

CONFIGURATION = """
daemon off;
{user}
worker_processes {workers};
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log {folder}/access.log;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  open_file_cache max=20000 inactive=600s;
  open_file_cache_valid 60s;
  default_type image/jpeg;
  client_body_temp_path {folder}/temporary;
  proxy_temp_path {folder}/temporary;
  fastcgi_temp_path {folder}/temporary;
  uwsgi_temp_path {folder}/temporary;
  scgi_temp_path {folder}/temporary;
  server {{
    listen 127.0.0.1:{port};
    root {root};
    location = /nginx-status {{ stub_status; }}
  }}
}}
"""


class Nginx(Peer):
    name = "nginx"
    needs_answers = True  # the caller puts the files into options.static/PICTURE first

    def missing(self):
        return "" if shutil.which("nginx") else "nginx is missing: apt-get install nginx-light"

    def version(self):
        return tool_version(["nginx", "-v"])

    def identifier(self, picture):
        return picture.name

    def start(self, picture, folder, caches, arguments):
        server = Server(folder)
        port = free_port()
        (folder / "nginx.conf").write_text(CONFIGURATION.format(folder=folder, port=port, root=self.options.static, workers=self.options.nginx_workers,
                                                           user="user root;" if os.geteuid() == 0 else ""))
        server.spawn(["nginx", "-p", folder, "-c", folder / "nginx.conf"])
        server.url = f"http://127.0.0.1:{port}/"
        wait_for(server.url)
        return server

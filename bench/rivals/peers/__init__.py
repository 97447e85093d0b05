"""The servers that bench/rivals knows, by name."""
from peers.armarium import Armarium
from peers.cantaloupe import Cantaloupe
from peers.iipsrv import Iipsrv, IipsrvDebian, IipsrvHead
from peers.nginx import Nginx
from peers.sharp import Sharp

PEERS = {kind.name: kind for kind in (Armarium, Iipsrv, IipsrvHead, IipsrvDebian, Nginx, Sharp, Cantaloupe)}

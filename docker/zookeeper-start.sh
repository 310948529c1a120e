#!/bin/bash
# Starts ZooKeeper: alone, or as one of an ensemble.
#   ZOO_SERVERS  names of all servers, with spaces between; the first is server 1
#   ZOO_MY_ID    number of this one
set -euo pipefail
config=/data/zoo.cfg
cp /etc/zookeeper/conf/zoo.cfg "$config"
read -r -a servers <<<"${ZOO_SERVERS:-}"
if ((${#servers[@]} > 1)); then
    [[ ${ZOO_MY_ID:-} =~ ^[1-9][0-9]*$ ]] || { echo "ZOO_MY_ID must be the number of this server" >&2; exit 2; }
    ((ZOO_MY_ID <= ${#servers[@]})) || { echo "ZOO_SERVERS names no server $ZOO_MY_ID" >&2; exit 2; }
    for index in "${!servers[@]}"; do
        echo "server.$((index + 1))=${servers[index]}:2888:3888" >>"$config"
    done
    echo "$ZOO_MY_ID" >/data/myid
fi
exec /usr/share/zookeeper/bin/zkServer.sh start-foreground "$config"

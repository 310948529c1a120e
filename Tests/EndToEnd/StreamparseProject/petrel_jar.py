"""Writes a jar of the shape that `petrel submit` makes: the topology as a Thrift struct, two configuration files, scripts.

usage: petrel_jar.py OUTPUT_FOLDER JAR
"""

import sys
import zipfile

import thriftpy2
from streamparse.thrift import storm_thrift as storm
from thriftpy2.protocol.binary import TBinaryProtocol
from thriftpy2.transport import TMemoryBuffer

SPOUT = '''
import json, os, sys
def read():
    lines = []
    for line in iter(sys.stdin.readline, ""):
        if line == "end\\n":
            return json.loads("".join(lines))
        lines.append(line)
    sys.exit(0)
def send(message):
    sys.stdout.write(json.dumps(message) + "\\nend\\n")
    sys.stdout.flush()
setup = read()
open(os.path.join(setup["pidDir"], str(os.getpid())), "w").close()
send({"pid": os.getpid()})
words = ["abc"[i % 3] for i in range(300)]
while True:
    command = read()
    if command["command"] == "next" and words:
        send({"command": "emit", "tuple": [words.pop()], "id": len(words), "need_task_ids": False})
    send({"command": "sync"})
'''

BOLT = SPOUT.split("words = ")[0] + '''
while True:
    message = read()
    if message["stream"] == "__heartbeat":
        send({"command": "sync"})
        continue
    with open(setup["conf"]["petrel.output"], "a") as out:
        out.write(message["tuple"][0] + "\\n")
    send({"command": "ack", "id": message["id"]})
'''

CONFIGURATION = """\
topology.workers: 1
petrel.output: %s/petrel.out
"""


def component(script, streams, inputs):
    return {
        "object": storm.ComponentObject(
            shell=storm.ShellComponent(execution_command="/bin/bash", script="setup_%s.sh" % script)
        ),
        "common": storm.ComponentCommon(inputs=inputs, streams=streams, parallelism_hint=1, json_conf="{}"),
    }


def topology():
    words = component("words", {"default": storm.StreamInfo(output_fields=["word"], direct=False)}, {})
    shuffle = {
        storm.GlobalStreamId(componentId="words", streamId="default"): storm.Grouping(shuffle=storm.NullStruct())
    }
    count = component("count", {}, shuffle)
    return storm.StormTopology(
        spouts={"words": storm.SpoutSpec(spout_object=words["object"], common=words["common"])},
        bolts={"count": storm.Bolt(bolt_object=count["object"], common=count["common"])},
        state_spouts={},
    )


def main(folder, path):
    memory = TMemoryBuffer()
    topology().write(TBinaryProtocol(memory))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as jar:
        jar.writestr("storm/petrel/GenericTopology.class", b"\xca\xfe\xba\xbe")
        jar.writestr("resources/topology.ser", memory.getvalue())
        jar.writestr("resources/__topology__.yaml", CONFIGURATION % folder)
        jar.writestr("resources/__submitter__.yaml", "petrel.user: someone\npetrel.host: somewhere\n")
        for name, text in (("words", SPOUT), ("count", BOLT)):
            jar.writestr("resources/%s.py" % name, text)
            jar.writestr("resources/setup_%s.sh" % name, "exec python3 %s.py\n" % name)


main(*sys.argv[1:])

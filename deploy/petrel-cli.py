"""Petrel's own command line, unchanged, against a cluster without Java.

usage: PYTHON deploy/petrel-cli.py submit --config topology.yaml [--venv self] [NAME]
       PYTHON deploy/petrel-cli.py kill --config topology.yaml NAME

PYTHON is one where petrel is installed; `storm` is on PATH and finds the cluster (STORM_CONF_DIR). Petrel ends by giving way to
another program, with an empty name for it, which Pythons from 3.8 on refuse: that name is put in here. Where the other program
is Java with Petrel's class, it is `storm jar` with that class. Without --sourcejar the one of Petrel's own jars is taken that
is there, whatever `storm version` says.
"""

import glob
import os
import sys

import petrel.cmdline

CLASS = "storm.petrel.GenericTopology"
run = os.execvp


def give_way(program, arguments):
    arguments = list(arguments[1:])
    if program == "java":
        jar = [each for each in arguments if each.startswith("-Dstorm.jar=")][-1].split("=", 1)[1]
        program = "storm"
        arguments = ["jar", jar] + arguments[arguments.index(CLASS):]
    run(program, [program] + arguments)


def with_source_jar(arguments):
    if arguments[:1] != ["submit"] or any(each.startswith("--sourcejar") for each in arguments):
        return arguments
    jars = sorted(glob.glob(os.path.join(os.path.dirname(petrel.cmdline.__file__), "generated", "storm-petrel-*.jar")))
    return arguments[:1] + (["--sourcejar", jars[-1]] if jars else []) + arguments[1:]


os.execvp = give_way
sys.argv[1:] = with_source_jar(sys.argv[1:])
# Python puts this script's folder first; Petrel looks for the topology's modules in the current one.
sys.path[0] = ""
petrel.cmdline.main()

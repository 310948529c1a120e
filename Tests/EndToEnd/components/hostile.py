"""Children that misbehave, each in its own way. usage: hostile.py KIND"""
import json
import os
import signal
import sys
import time

from multilang import hello, read, send, tuples


def out(data):
    os.write(1, data if isinstance(data, bytes) else data.encode())


def pour(chunk, total=None):
    """Writes chunks for ever, or so many bytes."""
    written = 0
    while total is None or written < total:
        written += os.write(1, chunk)


def emit(t, *values, **more):
    send(command="emit", anchors=[t["id"]], tuple=list(values), need_task_ids=False, **more)


def garbage():
    hello()
    for t in tuples():
        print("Traceback? No: just garbage, number", t["tuple"][0])
        out(os.urandom(200) + b"\n")
        out("end\n")


def endless_line():
    hello()
    read()
    pour(b"endless " * 8192)


def endless_lines():
    hello()
    read()
    pour(b"one more line\n" * 4096)


def huge_message():
    hello()
    read()
    out('{"command":"emit","tuple":["')
    pour(b"x" * 65536, 1 << 30)
    out('"]}\nend\n')
    time.sleep(1000)


def no_handshake():
    time.sleep(1000)


def no_answer():
    hello()
    read()
    time.sleep(1000)


def mumbles():
    """Never answers, but prints all the time."""
    hello()
    while True:
        print("hm", flush=True)
        time.sleep(0.05)


def forks_and_exits():
    hello()
    read()
    if os.fork() == 0:
        time.sleep(100000)
    sys.exit(0)


def daemon():
    """Leaves a process in a session of its own, which holds the pipes."""
    hello()
    read()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(100000)
        os._exit(0)
    time.sleep(0.2)
    os._exit(0)


def keeps_daemon():
    """As `daemon`, but goes on itself."""
    hello()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(100000)
        os._exit(0)
    os.wait()
    for t in tuples():
        emit(t, *t["tuple"])
        send(command="ack", id=t["id"])


def closes_output():
    hello()
    read()
    os.close(1)
    time.sleep(1000)


def floods_errors():
    hello()
    read()
    while True:
        os.write(2, b"a flood of standard error\n" * 2000)


def ignores_term():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    hello()
    while True:
        try:
            for t in tuples():
                emit(t, *t["tuple"])
                send(command="ack", id=t["id"])
        except SystemExit:
            time.sleep(1000)


def exits():
    print("I cannot start: no such database", file=sys.stderr)
    sys.exit(7)


def unknown_ack():
    hello()
    for t in tuples():
        send(command="ack", id="123456789")


def unknown_stream():
    hello()
    for t in tuples():
        emit(t, *t["tuple"], stream="nowhere")
        send(command="ack", id=t["id"])


def never_reads():
    """Emits, and leaves the task ids of all its emits unread."""
    hello()
    read()
    pour(b'{"command":"emit","tuple":[1,"x"]}\nend\n' * 1000)


def wrong_fields():
    hello()
    for t in tuples():
        emit(t, 1, 2, 3, 4, 5)
        send(command="ack", id=t["id"])


def deep():
    hello()
    read()
    out('{"command":"emit","tuple":' + "[" * 1000000 + "]" * 1000000 + "}\nend\n")
    time.sleep(1000)


def bad_utf8():
    """Is no reason to die: what is not UTF-8 is replaced."""
    hello()
    for t in tuples():
        out(b'{"command":"emit","anchors":["%d"],"need_task_ids":false,"tuple":[1,"\xff\xfe\xc3("]}\nend\n' % int(t["id"]))
        out(b'{"command":"log","msg":"\xf0\x28\x8c","level":2}\nend\n')
        send(command="ack", id=t["id"])


def bad_json():
    hello()
    for t in tuples():
        out('{"command":"ack","id":' + json.dumps(t["id"]) + ",}\nend\n")


def long_words():
    """Has an error message, and a log line, of 4 MB."""
    hello()
    for t in tuples():
        send(command="error", msg="long " * 800000)
        send(command="log", msg="long " * 800000, level=2)
        send(command="ack", id=t["id"])
        time.sleep(1)


def spout_never_syncs():
    hello()
    read()
    time.sleep(1000)


def spout_wrong_fields():
    hello()
    number = 0
    while True:
        if read()["command"] == "next":
            number += 1
            send(command="emit", id=number, tuple=[1, 2, 3, 4], need_task_ids=False)
            time.sleep(0.01)
        send(command="sync")


def spout_acks():
    hello()
    while True:
        read()
        send(command="ack", id="1")
        send(command="sync")


globals()[sys.argv[1]]()

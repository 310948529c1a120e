import StormCore
import StormMultilang
import StormProcess
import StormRuntime
import StormTestKit
import StormTopology
import StormWire
import Testing

/// Tuples with a shell bolt between a checking spout and a checking sink; waits until all are acked.
func run(
    _ command: [String], messages: Int = 500, errors: ErrorLog = ErrorLog([]), parallelism: Int = 1,
    settings: [String: ConfigValue] = [:], during: (DeliveryCheck) async throws -> Void = { _ in }
) async throws -> DeliveryCheck {
    let check = DeliveryCheck()
    let marks = try Scripts.Marks()
    try await withEngine(
        configure: { $0.values.merge(settings) { $1 } }, errors: errors,
        build: { topology in
            topology.spout("source") { CheckingSpout(check, count: messages) }.maxPending(200)
            let bolt = topology.bolt("shell", parallelism: parallelism) {
                ShellBolt(command: command, outputs: ["id"], environment: marks.environment)
            }
            bolt.shuffle("source")
            for (key, value) in settings { bolt.set(key, value) }
            topology.bolt("sink") { CheckingSink(check) }.shuffle("shell")
        }
    ) { _ in
        try await during(check)
        try await check.wait(acked: messages)
    }
    return check
}

@Suite(.serialized) struct ShellBoltTests {
    @Test(.timeLimit(.minutes(1))) func everyTupleGoesThroughTheChildExactlyOnce() async throws {
        let errors = ErrorLog([])
        let check = try await run(Scripts.passing, messages: 5000, errors: errors, parallelism: 2)
        #expect(check.faults(messages: 5000, exactlyOnce: true) == [])
        #expect(errors.value.isEmpty)
    }

    @Test(.timeLimit(.minutes(1))) func whatIsSaidBeforeTheHelloDoesNotAnswerTheHandshake() async throws {
        let errors = ErrorLog([])
        let script = Scripts.python(
            """
            if is_first():
                log("loading")
                time.sleep(1000)
            def process(t):
                emit([t["tuple"][0]], anchors=[t["id"]])
                ack(t)
            bolt(process)
            """)
        let check = try await run(
            script, messages: 100, errors: errors, settings: ["topology.subprocess.timeout.secs": 1])
        #expect(check.faults(messages: 100, exactlyOnce: true) == [])
        #expect(errors.value.contains { $0.message.contains("has not answered the handshake for 1 s") })
    }

    @Test(.timeLimit(.minutes(1))) func aChildThatIsKilledIsStartedAgainAndNothingIsLost() async throws {
        let errors = ErrorLog([])
        let script = Scripts.python(
            """
            seen = 0
            def process(t):
                global seen
                seen += 1
                if seen == 300: os.kill(os.getpid(), 9)
                emit([t["tuple"][0]], anchors=[t["id"]])
                ack(t)
            bolt(process)
            """)
        let check = try await run(script, messages: 1000, errors: errors)
        #expect(check.faults(messages: 1000, exactlyOnce: false) == [])
        #expect(check.state.value.failures[.threw, default: 0] > 0)
        let message = try #require(errors.value.first?.message)
        #expect(message.contains("ended by itself: signal SIGKILL"))
    }

    /// What came while the executor had more than one slice's work was left where it was, and with 1 MiB there nothing more was
    /// read: the child waited for ever.
    @Test(.timeLimit(.minutes(1))) func aChildThatSaysMuchAtOnceIsHeardToTheEnd() async throws {
        let errors = ErrorLog([])
        let script = Scripts.python(
            """
            def process(t):
                if is_first(): sys.stdout.write('{"command":"sync"}\\nend\\n' * 200000)
                emit([t["tuple"][0]], anchors=[t["id"]])
                ack(t)
            bolt(process)
            """)
        let check = try await run(script, messages: 50, errors: errors)
        #expect(check.faults(messages: 50, exactlyOnce: true) == [])
        #expect(errors.value.isEmpty, "\(errors.value)")
    }

    @Test(.timeLimit(.minutes(1))) func theLastWordsOfAChildAreInTheError() async throws {
        let errors = ErrorLog([])
        let script = Scripts.python(
            """
            def process(t):
                if is_first(): raise ValueError("not this one")
                emit([t["tuple"][0]], anchors=[t["id"]])
                ack(t)
            bolt(process)
            """)
        _ = try await run(script, messages: 50, errors: errors)
        let message = try #require(errors.value.first?.message)
        #expect(message.contains("exit code 1") && message.contains("ValueError: not this one"))
    }

    @Test(.timeLimit(.minutes(1))) func aChildThatHangsIsKilled() async throws {
        let errors = ErrorLog([])
        let script = Scripts.python(
            """
            def process(t):
                if is_first(): time.sleep(1000)
                emit([t["tuple"][0]], anchors=[t["id"]])
                ack(t)
            bolt(process)
            """)
        let check = try await run(
            script, messages: 300, errors: errors, settings: ["topology.subprocess.timeout.secs": 1])
        #expect(check.faults(messages: 300, exactlyOnce: false) == [])
        #expect(try #require(errors.value.first?.message).contains("no sign of life for 1 s"))
    }

    @Test(.timeLimit(.minutes(1))) func strayOutputIsReportedWithItsLineAndHurtsNobody() async throws {
        let errors = ErrorLog([])
        let script = Scripts.python(
            """
            def process(t):
                print("debugging", t["tuple"])
                emit([t["tuple"][0]], anchors=[t["id"]])
                ack(t)
            bolt(process)
            """)
        let check = try await run(script, messages: 20, errors: errors)
        #expect(check.faults(messages: 20, exactlyOnce: true) == [])
        #expect(try #require(errors.value.first?.message).contains("'debugging [0]'"))
    }

    /// Each of these breaks once and works then.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ("print('this is no message'); print('end')", "'this is no message'"),
            ("sys.stdout.write('x' * (33 << 20)); sys.stdout.flush(); time.sleep(100)", "longer than"),
            ("send({'command': 'emit', 'tuple': 5}); time.sleep(100)", "its tuple is not a list"),
            ("send({'command': 'ack', 'id': '999999'}); time.sleep(100)", "not given"),
            ("os.close(1); time.sleep(100)", "closed its standard output"),
            ("while True: print('zzz'); time.sleep(0.01)", "no sign of life for 2 s"),
            ("while True: print('zzz' * 1000)", "lines that are no message are longer"),
            ("while True: os.write(2, b'flood\\n' * 1000)", "no sign of life for 2 s"),
            ("send({'command': 'emit', 'tuple': eval('[' * 90 + ']' * 90)}); time.sleep(100)", "nested deeper"),
            ("os.write(2, b'z' * 200000); sys.exit(3)", "exit code 3"),
            ("os.fork() and os._exit(0)\ntime.sleep(1000)", "exit code 0"),
        ]) func hostileChildrenHurtOnlyTheirOwnTask(_ deed: String, _ error: String) async throws
    {
        let errors = ErrorLog([])
        let script = Scripts.python(
            """
            deed = \(pythonLiteral(deed))
            def process(t):
                if is_first(): exec(deed)
                emit([t["tuple"][0]], anchors=[t["id"]])
                ack(t)
            bolt(process)
            """)
        let check = try await run(
            script, messages: 100, errors: errors, settings: ["topology.subprocess.timeout.secs": 2])
        #expect(check.faults(messages: 100, exactlyOnce: false) == [])
        #expect(errors.value.contains { $0.message.contains(error) }, "\(errors.value.map(\.message))")
    }

    @Test(.timeLimit(.minutes(1))) func whatAChildStartedInASessionOfItsOwnEndsWithIt() async throws {
        let marks = try Scripts.Marks()
        let script = Scripts.python(
            """
            def process(t):
                if is_first():
                    if os.fork() == 0:
                        os.setsid()
                        if os.fork() == 0:
                            open("\(marks.path)/grandchild", "w").write(str(os.getpid()))
                            time.sleep(1000)
                        os._exit(0)
                    while not os.path.exists("\(marks.path)/grandchild"): time.sleep(0.01)
                    time.sleep(0.1)
                    os._exit(5)
                emit([t["tuple"][0]], anchors=[t["id"]])
                ack(t)
            bolt(process)
            """)
        let check = try await run(script, messages: 50)
        #expect(check.faults(messages: 50, exactlyOnce: false) == [])
        let text = String(decoding: try #require(SystemFile.read(marks.path + "/grandchild")), as: UTF8.self)
        let pid = try #require(Int32(text))
        #expect(ProcessStat.read(pid: pid).map(\.isZombie) ?? true)
    }

    @Test(.timeLimit(.minutes(1))) func aProgramThatIsNotThereIsReportedAndTriedAgain() async throws {
        let errors = ErrorLog([])
        let check = DeliveryCheck()
        try await withEngine(
            errors: errors,
            build: { topology in
                topology.spout("source") { CheckingSpout(check, count: 10) }
                topology.bolt("shell") { ShellBolt("no-such-program-here") }.shuffle("source")
                topology.bolt("other") { CheckingSink(check) }.shuffle("source")
            }
        ) { _ in
            try await errors.wait("two errors") { $0.count >= 2 }
            // The other bolt works on.
            try await check.state.wait("arrivals") { $0.arrivals.count == 10 }
        }
        #expect(try #require(errors.value.first?.message).contains("no such program in PATH"))
    }

    @Test(.timeLimit(.minutes(1))) func emitsAreAnsweredWithTheTasksTheyWentTo() async throws {
        let script = Scripts.python(
            """
            def process(t):
                tasks = emit([t["tuple"][0], 0], anchors=[t["id"]])
                emit([t["tuple"][0], tasks], stream="told", wait=False, anchors=t["id"])
                emit([t["tuple"][0]], stream="direct", task=tasks[0], anchors=[t["id"]])
                ack(t)
            bolt(process)
            """)
        let check = DeliveryCheck()
        let told = Observed<[Int: Value]>([:])
        let direct = Observed<[Int: Int]>([:])
        try await withEngine(build: { topology in
            topology.spout("source") { CheckingSpout(check, count: 60) }
            topology.bolt("shell") {
                ShellBolt(
                    command: script,
                    outputs: Outputs(["id", "zero"]).stream("told", ["id", "tasks"]).directStream("direct", ["id"]))
            }.shuffle("source")
            topology.bolt("sink", parallelism: 3) {
                BlockBolt { tuple, out in
                    if tuple.sourceStream == .default { check.arrived(tuple.int(0)) }
                    if tuple.sourceStream == "direct" {
                        let id = tuple.int(0)
                        direct.update { $0[id, default: 0] += 1 }
                    }
                    out.ack(tuple)
                }
            }.fields("shell", "id").direct("shell", stream: "direct")
            topology.bolt("listener") {
                BlockBolt { tuple, out in
                    let (id, tasks) = (tuple.int(0), tuple.value(1))
                    told.update { $0[id] = tasks }
                    out.ack(tuple)
                }
            }.shuffle("shell", stream: "told")
        }) { engine in
            try await check.wait(acked: 60)
        }
        #expect(check.faults(messages: 60, exactlyOnce: true) == [])
        #expect(direct.value.count == 60 && direct.value.values.allSatisfy { $0 == 1 })
        #expect(told.value.count == 60)
        for tasks in told.value.values {
            guard case .list(let list) = tasks else { Issue.record("\(tasks) is no list"); continue }
            #expect(list.count == 1)
        }
    }

    @Test(.timeLimit(.minutes(1))) func aChildMayFailTuples() async throws {
        let script = Scripts.python(
            """
            seen = set()
            def process(t):
                value = t["tuple"][0]
                if value % 10 == 0 and value not in seen:
                    seen.add(value)
                    return fail(t)
                emit([value], anchors=[t["id"]])
                ack(t)
            bolt(process)
            """)
        let check = try await run(script, messages: 200)
        #expect(check.faults(messages: 200, exactlyOnce: true) == [])
        #expect(check.state.value.failures == [.explicit: 20])
    }

    @Test(.timeLimit(.minutes(1))) func anEmitThatCannotBeCarriedOutFailsItsTupleAlone() async throws {
        let errors = ErrorLog([])
        let script = Scripts.python(
            """
            seen = set()
            def process(t):
                value = t["tuple"][0]
                if value in (3, 4) and value not in seen:
                    seen.add(value)
                    if value == 3: emit([value, "too", "many"], anchors=[t["id"]])
                    else: emit([value], anchors=[t["id"]], stream="unknown")
                    return ack(t)
                emit([value], anchors=[t["id"]])
                ack(t)
            bolt(process)
            """)
        let check = try await run(script, messages: 100, errors: errors)
        #expect(check.faults(messages: 100, exactlyOnce: true) == [])
        #expect(check.state.value.failures == [.badEmit: 2])
        #expect(errors.value.contains { $0.message.contains("'unknown'") })
    }

    @Test(.timeLimit(.minutes(1))) func ticksReachTheChild() async throws {
        let script = Scripts.python(
            """
            def process(t):
                if t["comp"] == "__system" and t["stream"] == "__tick" and t["task"] == -1: emit([t["tuple"][0]])
                ack(t)
            bolt(process)
            """)
        let check = DeliveryCheck()
        try await withEngine(build: { topology in
            topology.spout("source") { CheckingSpout(check, count: 1) }
            topology.bolt("shell") { ShellBolt(command: script, outputs: ["period"]) }.shuffle("source")
                .tick(everySeconds: 1)
            topology.bolt("sink") { CheckingSink(check) }.shuffle("shell")
        }) { _ in try await check.state.wait("a tick") { $0.arrivals[1, default: 0] > 0 } }
    }

    @Test(.timeLimit(.minutes(1))) func theHandshakeTellsTheTopology() async throws {
        let script = Scripts.python(
            """
            setup = hello()
            context = setup["context"]
            while True:
                t = command()
                if is_heartbeat(t): sync()
                else:
                    emit([json.dumps(context, sort_keys=True), setup["conf"]["my.key"], os.environ["MINE"], os.getcwd()], anchors=[t["id"]])
                    ack(t)
            """)
        let check = DeliveryCheck()
        let seen = Observed<[Value]>([])
        try await withEngine(build: { topology in
            topology.spout("source") { CheckingSpout(check, count: 1) }
            topology.bolt("shell") {
                ShellBolt(
                    command: script, outputs: ["context", "conf", "environment", "folder"],
                    environment: ["MINE": "1"], workingDirectory: "/usr")
            }.fields("source", "id").set("my.key", "mine")
            topology.bolt("sink") {
                BlockBolt { tuple, out in
                    let values = tuple.values
                    seen.update { $0 = values }
                    out.ack(tuple)
                }
            }.global("shell")
        }) { _ in try await check.wait(acked: 1) }
        #expect(
            seen.value == [
                .string(
                    #"{"componentid": "shell", "source->stream->fields": {"source": {"default": ["id"]}}, "#
                        + #""source->stream->grouping": {"source": {"default": {"fields": ["id"], "type": "FIELDS"}}}, "#
                        + #""stream->outputfields": {"default": ["context", "conf", "environment", "folder"]}, "#
                        + #""stream->target->grouping": {"default": {"sink": {"fields": [], "type": "FIELDS"}}}, "#
                        + #""streams": ["default"], "task->component": {"1": "__acker", "2": "shell", "3": "sink", "#
                        + #""4": "source"}, "taskIndex": 0, "taskid": 2, "workerPort": 0}"#),
                "mine", "1", "/usr",
            ])
    }
}

/// A Python string literal of any text.
private func pythonLiteral(_ text: String) -> String {
    "\"" + text.flatMap { $0 == "\\" ? "\\\\" : $0 == "\"" ? "\\\"" : $0 == "\n" ? "\\n" : String($0) } + "\""
}

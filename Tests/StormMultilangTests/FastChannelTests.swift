import StormCore
import StormMultilang
import StormProcess
import StormRuntime
import StormTestKit
import StormTopology
import StormWire
import Testing

/// Components on the channel: those of the Python package, and hostile ones written by hand.
@Suite(.serialized) struct FastChannelTests {
    static let passing = Scripts.package(
        """
        from stormswift import Bolt
        class Passing(Bolt):
            def process(self, tup): self.emit([tup.values[0]])
        Passing().run()
        """)

    @Test(.timeLimit(.minutes(1)), arguments: [true, false])
    func everyTupleGoesThroughAComponentOfThePackageExactlyOnce(_ hasChannel: Bool) async throws {
        let errors = ErrorLog([])
        let check = try await run(
            Self.passing, messages: 5000, errors: errors, parallelism: 2,
            settings: ["topology.multilang.channel": .bool(hasChannel)])
        #expect(check.faults(messages: 5000, exactlyOnce: true) == [])
        #expect(errors.value.isEmpty, "\(errors.value)")
    }

    @Test(.timeLimit(.minutes(1)), arguments: [true, false])
    func printHurtsNobody(_ hasChannel: Bool) async throws {
        let errors = ErrorLog([])
        let script = Scripts.package(
            """
            from stormswift import Bolt
            print("loading")
            class Printing(Bolt):
                def process(self, tup):
                    print("debugging", tup)
                    os.write(1, b"end\\n{}\\nend\\n")
                    self.emit([tup.values[0]])
            Printing().run()
            """)
        let check = try await run(
            script, messages: 300, errors: errors, settings: ["topology.multilang.channel": .bool(hasChannel)])
        #expect(check.faults(messages: 300, exactlyOnce: true) == [])
        if hasChannel { #expect(errors.value.isEmpty, "\(errors.value)") }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [true, false])
    func anExceptionFailsItsTupleAndTheBoltGoesOn(_ hasChannel: Bool) async throws {
        let errors = ErrorLog([])
        let script = Scripts.package(
            """
            from stormswift import Bolt
            class Throwing(Bolt):
                seen = set()
                def process(self, tup):
                    number = tup.values[0]
                    if number % 10 == 0 and number not in self.seen:
                        self.seen.add(number)
                        self.emit([object()]) if number % 20 == 0 else self.no_such_thing()
                    self.emit([number])
            Throwing().run()
            """)
        let check = try await run(
            script, messages: 200, errors: errors, settings: ["topology.multilang.channel": .bool(hasChannel)])
        #expect(check.faults(messages: 200, exactlyOnce: true) == [])
        #expect(check.state.value.failures == [.explicit: 20])
        let texts = errors.value.map(\.message)
        #expect(texts.contains { $0.contains("AttributeError") && $0.contains("no_such_thing") })
        #expect(texts.contains { $0.contains("TypeError: a value of type object cannot be emitted") })
    }

    @Test(.timeLimit(.minutes(1))) func aChildThatIsKilledIsStartedAgainAndNothingIsLost() async throws {
        let errors = ErrorLog([])
        let script = Scripts.package(
            """
            from stormswift import Bolt
            class Dying(Bolt):
                seen = 0
                def process(self, tup):
                    self.seen += 1
                    if self.seen == 300: os.kill(os.getpid(), 9)
                    self.emit([tup.values[0]])
            Dying().run()
            """)
        let check = try await run(script, messages: 1000, errors: errors)
        #expect(check.faults(messages: 1000, exactlyOnce: false) == [])
        #expect(errors.value.contains { $0.message.contains("signal SIGKILL") })
    }

    @Test(.timeLimit(.minutes(1))) func aChildThatHangsIsKilled() async throws {
        let errors = ErrorLog([])
        let script = Scripts.package(
            """
            from stormswift import Bolt
            class Hanging(Bolt):
                def process(self, tup):
                    mark = os.path.join(os.environ["MARKS"], "mark")
                    if not os.path.exists(mark):
                        open(mark, "w").close()
                        time.sleep(1000)
                    self.emit([tup.values[0]])
            Hanging().run()
            """)
        let check = try await run(
            script, messages: 300, errors: errors, settings: ["topology.subprocess.timeout.secs": 1])
        #expect(check.faults(messages: 300, exactlyOnce: false) == [])
        #expect(errors.value.contains { $0.message.contains("no sign of life for 1 s") })
    }

    /// Where nothing can come any more nobody waits, or the thread that serves the child would spin.
    @Test(.timeLimit(.minutes(1))) func aChildThatClosesItsOutputBeforeItsHelloCostsNoProcessorTime() async throws {
        let errors = ErrorLog([])
        let script = Scripts.channel(
            """
            os.close(1)
            time.sleep(2)
            message({"pid": os.getpid(), "credit": 20})
            for number, row in tuples(): pass_on(number, row)
            """)
        let before = OwnProcess.read().cpuSeconds
        let check = try await run(script, messages: 20, errors: errors)
        let used = OwnProcess.read().cpuSeconds - before
        #expect(check.faults(messages: 20, exactlyOnce: true) == [])
        #expect(used < 1, "\(used) s of 2 s")
    }

    /// Each of these does its deed once and works then.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ("os.write(4, b'\\xff' * 64)", "a frame has 4294967295 bytes"),
            ("os.write(4, b'hello, world\\n')", "a frame has"),
            ("frame(b'T', b'[]')", "not for a child to send"),
            ("numbers(b'A', 999999)", "not given"),
            ("numbers(b'R', 500000, 10)", "not given"),
            ("frame(b'C', struct.pack('<I', 4000000000))", "more credit than it had"),
            ("message({'pid': 1, 'credit': 5})", "hello twice"),
            ("frame(b'E', b'[[null,[[1,5]]]]')", "its tuple is not a list"),
            ("os.close(4)", "closed its end of the channel"),
            ("frame(b'E', b'[[null,[[999999,[5]]]]]')", "anchored to a tuple that it was not given"),
        ]) func hostileFramesHurtOnlyTheirOwnTask(_ deed: String, _ error: String) async throws
    {
        let errors = ErrorLog([])
        let script = Scripts.channel(
            """
            message({"pid": os.getpid(), "credit": 20})
            for number, row in tuples():
                if is_first():
                    \(deed)
                    time.sleep(1000)
                pass_on(number, row)
            """)
        let check = try await run(script, messages: 100, errors: errors)
        #expect(check.faults(messages: 100, exactlyOnce: false) == [])
        #expect(errors.value.contains { $0.message.contains(error) }, "\(errors.value.map(\.message))")
    }

    @Test(.timeLimit(.minutes(1))) func noMoreTuplesComeThanTheChildGaveCreditFor() async throws {
        let errors = ErrorLog([])
        let script = Scripts.channel(
            """
            import select
            message({"pid": os.getpid(), "credit": 5})
            taken = 0
            for number, row in tuples():
                pass_on(number, row, credit=0)
                taken += 1
                if taken == 5:
                    # A sixth one would be here, or be on its way.
                    if select.select([channel.fileno()], [], [], 0.002)[0] and next_frame()[0] == b"T": os._exit(9)
                    frame(b"C", struct.pack("<I", taken))
                    taken = 0
            """)
        let check = try await run(script, messages: 500, errors: errors)
        #expect(check.faults(messages: 500, exactlyOnce: true) == [])
        #expect(errors.value.isEmpty, "\(errors.value)")
    }

    @Test(.timeLimit(.minutes(1)), arguments: [true, false])
    func taskIdsAreToldWhenAskedFor(_ hasChannel: Bool) async throws {
        let script = Scripts.package(
            """
            from stormswift import Bolt
            class Asking(Bolt):
                def process(self, tup):
                    number = tup.values[0]
                    tasks = self.emit([number], need_task_ids=True)
                    self.emit([number, tasks], stream="told")
                    self.emit([number, tasks], stream="direct", direct_task=tasks[0])
            Asking().run()
            """)
        let check = DeliveryCheck()
        let told = Observed<[String: [Int: Value]]>([:])
        try await withEngine(build: { topology in
            topology.spout("source") { CheckingSpout(check, count: 60) }
            topology.bolt("shell") {
                ShellBolt(
                    command: script,
                    outputs: Outputs(["id"]).stream("told", ["id", "tasks"]).directStream("direct", ["id", "tasks"]))
            }.shuffle("source").set("topology.multilang.channel", .bool(hasChannel))
            topology.bolt("sink", parallelism: 3) { CheckingSink(check) }.fields("shell", "id")
            topology.bolt("direct", parallelism: 3) { BlockBolt { tuple, out in out.ack(tuple) } }
                .direct("shell", stream: "direct")
            topology.bolt("listener") {
                BlockBolt { tuple, out in
                    let (id, tasks) = (tuple.int(0), tuple.value(1))
                    told.update { $0["\(tuple.sourceStream)", default: [:]][id] = tasks }
                    out.ack(tuple)
                }
            }.shuffle("shell", stream: "told")
        }) { _ in try await check.wait(acked: 60) }
        #expect(check.faults(messages: 60, exactlyOnce: true) == [])
        let tasks = told.value["told", default: [:]]
        #expect(tasks.count == 60)
        let oneEach = tasks.values.allSatisfy { if case .list(let list) = $0 { list.count == 1 } else { false } }
        #expect(oneEach)
    }

    @Test(.timeLimit(.minutes(1)), arguments: [true, false])
    func batchesAreAckedAtTicks(_ hasChannel: Bool) async throws {
        let script = Scripts.package(
            """
            from stormswift import BatchingBolt
            class Batches(BatchingBolt):
                def group_key(self, tup): return tup.values[0] % 3
                def process_batch(self, key, tups):
                    for tup in tups: self.emit([tup.values[0]])
            Batches().run()
            """)
        let errors = ErrorLog([])
        let check = try await run(
            script, messages: 400, errors: errors,
            settings: ["topology.multilang.channel": .bool(hasChannel), "topology.tick.tuple.freq.secs": 1])
        #expect(check.faults(messages: 400, exactlyOnce: true) == [])
        #expect(errors.value.isEmpty, "\(errors.value)")
    }

    @Test(.timeLimit(.minutes(1)), arguments: [true, false])
    func aReliableSpoutEmitsAgainWhatFailed(_ hasChannel: Bool) async throws {
        let script = Scripts.package(
            """
            from stormswift import ReliableSpout
            class Numbers(ReliableSpout):
                def initialize(self, conf, context): self.left = list(range(2000))
                def next_tuple(self):
                    if self.left:
                        number = self.left.pop()
                        self.emit([number], tup_id=[number, "n%d" % number][number % 2])
            Numbers().run()
            """)
        let arrived = Observed<[Int: Int]>([:])
        let errors = ErrorLog([])
        try await withEngine(
            errors: errors,
            build: { topology in
                topology.spout("shell") { ShellSpout(command: script, outputs: ["id"]) }.maxPending(300)
                    .set("topology.multilang.channel", .bool(hasChannel))
                topology.bolt("sink") {
                    BlockBolt { tuple, out in
                        let id = tuple.int(0)
                        let count = arrived.update { arrived in
                            arrived[id, default: 0] += 1
                            return arrived[id, default: 0]
                        }
                        if id % 10 == 0, count == 1 { out.fail(tuple) } else { out.ack(tuple) }
                    }
                }.shuffle("shell")
            }
        ) { engine in
            try await arrived.wait("all, and the failed ones twice") { arrived in
                arrived.count == 2000 && arrived.values.reduce(0, +) == 2200
            }
        }
        for (id, count) in arrived.value { #expect(count == (id % 10 == 0 ? 2 : 1), "\(id)") }
        #expect(errors.value.isEmpty, "\(errors.value)")
    }
}

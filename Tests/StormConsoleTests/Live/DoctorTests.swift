import StormCluster
import StormConsole
import StormThrift
import Testing

@Suite struct DoctorTests {
    private let leader = ServerAnswer.words(ServerWords(version: "3.8.0", mode: .leader))
    private let follower = ServerAnswer.words(ServerWords(version: "3.8.0", mode: .follower))
    private let down = ServerAnswer.unreachable("Connection refused")

    private func verdicts(_ answers: ServerAnswer...) -> [Finding.Verdict] {
        EnsembleCheck.findings(answers.enumerated().map { ("z\($0):2181", $1) }).map(\.verdict)
    }

    @Test func serverWordsAreRead() {
        let text = """
            Zookeeper version: 3.8.0-5a02a05eddb59aee6ac762f7ea82e92a68eb9c0f, built on 2022-02-25
            Latency min/avg/max: 0/0.5/12
            Outstanding: 3
            Mode: standalone
            """
        #expect(ServerWords(text) == ServerWords(version: "3.8.0", mode: .standalone, outstanding: 3))
        #expect(ServerWords("srvr is not executed because it is not in the whitelist.\n") == nil)
        #expect(ServerWords("This ZooKeeper instance is not currently serving requests\n")?.mode == nil)
    }

    @Test func anEnsembleIsJudgedByItsMajority() {
        #expect(verdicts(.words(ServerWords(version: "3.8.0", mode: .standalone))) == [.ok, .ok])
        #expect(verdicts(leader, follower, follower) == [.ok, .ok, .ok, .ok])
        #expect(verdicts(leader, follower, down) == [.ok, .ok, .warn, .warn])
        #expect(verdicts(leader, down, down) == [.ok, .warn, .warn, .fail])
        #expect(verdicts(down) == [.fail, .fail])
        #expect(verdicts(.silent) == [.ok, .ok])
        // Two that know nothing of each other.
        let alone = ServerAnswer.words(ServerWords(version: "3.8.0", mode: .standalone))
        #expect(verdicts(alone, alone).last == .fail)
        #expect(verdicts(leader, leader, leader).last == .fail)
        #expect(verdicts(.words(ServerWords(version: "3.4.14", mode: .standalone))).first == .warn)
        #expect(
            verdicts(follower, follower, .words(ServerWords(version: "3.8.0", mode: nil))) == [.ok, .ok, .warn, .warn])
    }

    @Test func clocksMayDifferALittle() {
        func verdict(_ theirs: Int64) -> Finding.Verdict {
            ClockCheck.finding("h", theirs: theirs, before: 10_000, after: 10_050).verdict
        }
        #expect(verdict(10_020) == .ok && verdict(10_900) == .ok && verdict(11_050) == .warn)
        #expect(verdict(9_000) == .warn && verdict(50_000) == .fail)
        #expect(ClockCheck.finding("h", theirs: 12_000, before: 0, after: 9_000).detail == "3000 ms ahead of ours")
    }

    @Test func seedsAreJudgedTogether() {
        func verdicts(_ answers: NimbusCheck.SeedAnswer...) -> [Finding.Verdict] {
            NimbusCheck.seeds(answers.enumerated().map { ("n\($0):6627", $1) }).map(\.verdict)
        }
        #expect(verdicts(.leader("n0:6627")) == [.ok])
        #expect(verdicts(.leader("n0:6627"), .unreachable("Connection refused")) == [.ok, .warn])
        #expect(verdicts(.unreachable("Connection refused")) == [.fail, .fail])
        #expect(verdicts(.leader(nil)) == [.warn, .fail])
        #expect(verdicts(.leader("n0:6627"), .leader("n1:6627")) == [.ok, .ok, .warn])
    }

    @Test func theClusterNeedsSupervisorsAndOneVersion() {
        func cluster(supervisors: Int, used: Int32, version: String = "1") -> [Finding.Verdict] {
            let all = (0..<supervisors).map {
                Thrift.SupervisorSummary(
                    host: "h\($0)", uptimeSecs: 1, numWorkers: 4, numUsedWorkers: used, supervisorID: "s\($0)",
                    version: version)
            }
            return NimbusCheck.cluster(
                Thrift.ClusterSummary(supervisors: all, topologies: [], nimbuses: []), ours: "1"
            ).map(\.verdict)
        }
        #expect(cluster(supervisors: 2, used: 1) == [.ok, .ok])
        #expect(cluster(supervisors: 0, used: 0) == [.fail, .ok])
        #expect(cluster(supervisors: 1, used: 4) == [.warn, .ok])
        #expect(cluster(supervisors: 1, used: 0, version: "2") == [.ok, .warn])
    }

    @Test func supervisorsOfOneMachineThatOfferTheSamePortAreNamed() {
        func supervisor(_ id: String, _ host: String, _ ports: [Int]) -> SupervisorRecord {
            SupervisorRecord(id: id, host: host, ports: ports, pid: 1, startedAtMilliseconds: 0, stormVersion: "1")
        }
        let first = supervisor("s1", "h1", [6700, 6701])
        #expect(SlotClash.findings([first, supervisor("s2", "h1", [6702]), supervisor("s3", "h2", [6700])]).isEmpty)
        let clash = SlotClash.findings([first, supervisor("s2", "h1", [6701, 6702])])
        #expect(clash.map(\.verdict) == [.warn])
        #expect(clash.first?.detail == "s1 and s2 offer the same ports: 6701")
    }

    @Test func thisMachineIsJudged() {
        func disk(_ free: Int, _ total: Int, writable: Bool = true) -> Finding.Verdict {
            MachineChecks.disk(
                "/d", MachineChecks.Disk(path: "/d", freeBytes: free, totalBytes: total, isWritable: writable)
            ).verdict
        }
        #expect(
            disk(50 << 30, 100 << 30) == .ok && disk(2 << 30, 100 << 30) == .warn && disk(1 << 20, 1 << 30) == .fail)
        #expect(disk(50 << 30, 100 << 30, writable: false) == .warn)
        #expect(MachineChecks.disk("/d", nil).verdict == .fail)
        #expect(MachineChecks.Disk.read("/proc/self/nothing/there")?.path == "/proc/self")
        #expect(MachineChecks.openFiles(soft: 100, hard: 100).verdict == .fail)
        #expect(MachineChecks.openFiles(soft: 512, hard: 4096).detail == "512 at most, could be raised to 4096")
        #expect(MachineChecks.openFiles(soft: 65_536, hard: 65_536).verdict == .ok)
        #expect(MachineChecks.slots([(6700, .free), (6701, .worker("wc-1-1"))]).verdict == .ok)
        #expect(MachineChecks.slots([(6700, .stranger("Connection refused"))]).verdict == .warn)
    }

    @Test func namesThatCannotBeResolvedFail() async {
        #expect(await NameCheck.run(["127.0.0.1", "localhost"], within: .seconds(20)).verdict == .ok)
        let finding = await NameCheck.run(["no-such-host.invalid"], within: .seconds(20))
        #expect(finding.verdict == .fail && finding.detail.hasPrefix("no-such-host.invalid: "))
    }

    @Test func theReportShowsAdviceAndFailsWhenACheckDoes() {
        let report = DoctorReport([.ok("a", "fine"), .fail("bcd", "broken", "mend it")])
        #expect(
            report.lines == [
                "ok    a    fine", "fail  bcd  broken", "           -> mend it", "", "1 ok, 0 warnings, 1 failed",
            ])
        #expect(report.failure?.exitCode == 1 && DoctorReport([.warn("a", "b", "c")]).failure == nil)
    }
}

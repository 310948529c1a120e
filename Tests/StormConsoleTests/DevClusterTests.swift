import Glibc
import StormConsole
import StormCore
import StormProcess
import StormTestSupport
import Testing
import ZooKeeperServer

/// A cluster that is as far as the test says.
private final class ScriptedProbe: DevProbe {
    func nimbusAnswers(port: Int) async -> Bool { true }
    func supervisorCount(port: Int) async -> Int { 2 }
}

/// The daemons here are a shell script, ZooKeeper is a real one.
@Suite(.enabled(if: (try? JavaInstallation.find()) != nil, "needs Java and the jars of ZooKeeper"))
struct DevClusterTests {
    private let folder: TemporaryFolder
    private let said = Lines()

    init() throws { folder = try TemporaryFolder() }

    private func cluster(_ script: String) throws -> DevCluster {
        let path = try folder.write("#!/bin/sh\n\(script)\n", to: "storm")
        chmod(path, 0o755)
        let said = said
        return try DevCluster(
            DevOptions(folder: folder.path + "/dev", supervisors: 2, slots: 1), config: .defaults, executable: path,
            probe: ScriptedProbe()
        ) { said.add($0) }
    }

    /// Processes whose command line names the folder.
    private func left() -> [String] {
        ProcessStat.all().filter { $0.pid != getpid() && !$0.isZombie }.compactMap { process in
            let line = SystemFile.read("/proc/\(process.pid)/cmdline") ?? []
            let text = String(decoding: line.map { $0 == 0 ? 32 : $0 }, as: UTF8.self)
            return text.contains(folder.path) ? text : nil
        }
    }

    @Test func comesUpSaysReadyAndLeavesNothing() async throws {
        let cluster = try cluster("exec sleep 600")
        let said = said
        try await cluster.run { await said.wait(forPrefix: "ready") }
        #expect(said.all.contains { $0.hasPrefix("ready; from another terminal: storm --config") })
        #expect(try folder.read("dev/conf/storm.yaml").contains("nimbus.thrift.port: \(cluster.plan.ports.nimbus)\n"))
        #expect(left() == [])
    }

    @Test func aChildThatDiesIsNamedWithItsLastWordsAndStopsEverything() async throws {
        let cluster = try cluster("[ $1 != supervisor ] && exec sleep 600; echo no luck >&2; exit 3")
        let said = said
        let failure = await #expect(throws: CommandFailure.self) {
            try await cluster.run { await said.wait(forPrefix: "never") }
        }
        #expect(failure?.message.contains("supervisor-") == true)
        #expect(failure?.message.contains("no luck") == true, "\(failure?.message ?? "")")
        #expect(left() == [])
    }

    @Test func twoClustersDoNotShareAFolder() throws {
        let first = try cluster("exec sleep 600")
        let failure = #expect(throws: CommandFailure.self) { try cluster("exec sleep 600") }
        #expect(failure?.message.contains("another storm dev uses this folder") == true)
        _ = first.plan
    }
}

@testable import StormConsole
import StormCore
import Testing

@Suite struct DevPlanTests {
    private let plan = DevPlan(
        folder: "/tmp/d", ports: .init(zookeeper: 21, nimbus: 66, slots: [[1, 2], [3, 4]]),
        base: [
            "topology.workers": 3, "storm.zookeeper.port": 9999, "storm.log.dir": "/elsewhere", "nimbus.seeds": ["far"],
        ])

    @Test func theFileHasTheEffectiveAddressesAndTheUsersOtherSettings() {
        #expect(
            plan.configText == """
                # Written by storm dev at each start; changes are lost.
                nimbus.http.port: 0
                nimbus.seeds: ["127.0.0.1"]
                nimbus.thrift.port: 66
                storm.local.dir: "/tmp/d/client"
                storm.local.hostname: "127.0.0.1"
                storm.zookeeper.port: 21
                storm.zookeeper.servers: ["127.0.0.1"]
                supervisor.http.port: 0
                topology.workers: 3

                """)
        #expect(plan.configFile == "/tmp/d/conf/storm.yaml")
    }

    @Test func eachDaemonIsThisProgramWithFoldersOfItsOwn() {
        #expect(
            plan.nimbus.arguments == [
                "nimbus", "--config", "/tmp/d/conf/storm.yaml", "-c", "storm.local.dir=\"/tmp/d/nimbus\"",
                "-c", "storm.log.dir=\"/tmp/d/logs/nimbus\"",
            ])
        #expect(plan.supervisors.map(\.name) == ["supervisor-1", "supervisor-2"])
        #expect(
            plan.supervisors[1].arguments == [
                "supervisor", "--stop-workers", "--config", "/tmp/d/conf/storm.yaml",
                "-c", "storm.local.dir=\"/tmp/d/supervisor-2\"", "-c", "storm.log.dir=\"/tmp/d/logs/supervisor-2\"",
                "-c", "supervisor.slots.ports=[3, 4]",
            ])
        #expect(plan.supervisors[0].outputFile == "/tmp/d/logs/supervisor-1/supervisor.out")
    }

    @Test func theLogViewerReadsTheLogsOfAllDaemons() {
        let plan = DevPlan(
            folder: "/tmp/d", ports: .init(zookeeper: 21, nimbus: 66, ui: 80, logviewer: 81, slots: [[1]]), base: [:])
        #expect(plan.logviewer?.arguments.last == "storm.log.dir=\"/tmp/d/logs\"")
        #expect(plan.logviewer?.logFile == "/tmp/d/logs/logviewer.log")
        #expect(plan.configText.contains("logviewer.port: 81\n"))
    }

    @Test func everyPathLiesBelowTheFolderAndItsParentIsMadeBefore() {
        var made: Set<String> = ["/tmp"]
        for folder in plan.folders {
            #expect(folder == "/tmp/d" || folder.hasPrefix("/tmp/d/"))
            #expect(made.contains(String(folder[..<folder.lastIndex(of: "/")!])), "\(folder)")
            made.insert(folder)
        }
        for child in [plan.nimbus] + plan.supervisors {
            #expect(made.contains(child.workingFolder))
            #expect(made.contains(String(child.outputFile[..<child.outputFile.lastIndex(of: "/")!])))
        }
    }

    @Test func chosenPortsAreAllDifferent() throws {
        let ports = try DevPlan.Ports.choose(DevOptions(supervisors: 3, slots: 5))
        let all = [ports.zookeeper, ports.nimbus] + ports.slots.flatMap { $0 }
        #expect(all.count == 17 && Set(all).count == 17)
    }

    @Test(arguments: [
        (DevOptions(supervisors: 65), "--supervisors 65: must be from 0 to 64"),
        (DevOptions(slots: 0), "--slots 0: must be from 1 to 256"),
        (DevOptions(nimbusPort: 70000), "--nimbus-port 70000: must be from 1 to 65535"),
        (DevOptions(zookeeperPort: 5, nimbusPort: 5), "--zookeeper-port and --nimbus-port are both 5"),
    ])
    func numbersOutOfRangeAreErrorsOfUse(options: DevOptions, start: String) {
        let failure = #expect(throws: CommandFailure.self) { try options.check() }
        #expect(failure?.message.hasPrefix(start) == true && failure?.exitCode == 2)
    }

    @Test func onlyWorkersOfThisFolderAreSweptUp() {
        let ours = ["/x/wc", "worker", "--manifest", "/tmp/d/supervisor-1/workers/w1/worker.json"]
        #expect(DevWorkers.isWorker(ours, below: "/tmp/d"))
        #expect(!DevWorkers.isWorker(ours, below: "/tmp/dd"))
        #expect(!DevWorkers.isWorker(["tail", "-f", "/tmp/d/logs/x"], below: "/tmp/d"))
        #expect(!DevWorkers.isWorker(["/x/wc", "worker", "--manifest"], below: "/tmp/d"))
        #expect(!DevWorkers.isWorker([], below: "/tmp/d"))
    }
}

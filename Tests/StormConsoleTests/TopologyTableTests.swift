import StormConsole
import StormCore
import StormThrift
import Testing

@Suite struct TopologyTableTests {
    @Test func anEmptyClusterSaysSo() {
        #expect(TopologyTable.lines([]) == ["No topologies running."])
    }

    @Test func columnsHaveStormsHeadingsAndWidths() {
        let topology = Thrift.TopologySummary(
            id: "wc-1-1700000000", name: "wc", numTasks: 10, numExecutors: 10, numWorkers: 2, uptimeSecs: 61,
            status: "ACTIVE", owner: "storm")
        let lines = TopologyTable.lines([topology])
        #expect(
            lines[0]
                == "Topology_name        Status     Num_tasks  Num_workers  Uptime_secs  Topology_Id          "
                + "Owner               ")
        #expect(lines[1] == String(repeating: "-", count: 88))
        #expect(
            lines[2]
                == "wc                   ACTIVE     10         2            61           wc-1-1700000000      "
                + "storm               ")
    }

    @Test func longNamesPushTheOthersAndAMissingOwnerIsNull() {
        let topology = Thrift.TopologySummary(
            id: "i", name: String(repeating: "n", count: 25), numTasks: 1, numExecutors: 1, numWorkers: 1,
            uptimeSecs: 0, status: "KILLED")
        let words = TopologyTable.lines([topology])[2].split(separator: " ")
        #expect(words == [Substring(String(repeating: "n", count: 25)), "KILLED", "1", "1", "0", "i", "null"])
    }
}

@Suite struct TopologyNameTests {
    @Test(arguments: ["wc", "word count", "wörter", "a-b_c", "1"])
    func ordinaryNamesAreValid(name: String) { #expect(TopologyName.fault(name) == nil) }

    @Test(arguments: ["", "a/b", "a.b", "a:b", #"a\b"#])
    func namesThatWouldBreakPathsAreNot(name: String) {
        #expect(TopologyName.fault(name) != nil)
        #expect(throws: CommandFailure.self) { try TopologyName.check(name) }
    }
}

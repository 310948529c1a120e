import Testing

@testable import StormProcess

@Suite struct MachineUsageTests {
    @Test func numbersAreReadOffTheTwoFiles() {
        let stat = "cpu  100 20 30 4000 50 6 7 8 0 0\ncpu0 1 2 3\n"
        let memory = "MemTotal:       1000 kB\nMemFree:   10 kB\nMemAvailable:   400 kB\n"
        let usage = MachineUsage.parse(stat: stat, memory: memory, ticksPerSecond: 100, cores: 2)
        #expect(usage?.busySeconds == 1.63 && usage?.cores == 2)
        #expect(usage?.memoryBytes == 1_024_000 && usage?.memoryAvailableBytes == 409_600)
    }

    @Test(arguments: ["", "cpu  1 2\n", "intr 1\n"]) func somethingElseIsNothing(_ stat: String) {
        #expect(MachineUsage.parse(stat: stat, memory: "MemTotal: 1 kB\n", ticksPerSecond: 100, cores: 1) == nil)
    }

    @Test func thisMachineTells() throws {
        let usage = try #require(MachineUsage.read())
        #expect(usage.cores > 0 && usage.busySeconds > 0 && usage.memoryBytes > usage.memoryAvailableBytes)
    }
}

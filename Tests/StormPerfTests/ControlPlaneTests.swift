import ArgumentParser
import Foundation
import StormCluster
import Testing

@testable import storm_perf

/// The measurements of the control plane in their smallest form, so that they cannot rot.
@Suite struct ControlPlaneTests {
    private static let small = ClusterShape(supervisors: 4, slots: 4, topologies: 3, workers: 9, executors: 45)

    @Test func schedulingDoesWhatItsReportSays() throws {
        let report = try SchedulingMeasurement(shape: Self.small, rounds: 1).run()
        #expect(report.first.changes == 3 && report.first.movedExecutors == 45)
        #expect(report.unchanged.changes == 0 && report.unchanged.movedExecutors == 0)
        // Only what ran on the lost machine moves: it had two or three of nine workers with five executors each.
        #expect([10, 15].contains(report.lostSupervisor.movedExecutors))
        #expect(report.rebalance.changes <= 1)
        #expect(report.largestAssignmentBytes > 300 && report.allAssignmentsBytes < 4_000)
    }

    /// What nimbus computes in a round grows with the cluster, not with its square: eight times as much takes at most eleven
    /// times the memory. Counted, so that a busy machine decides nothing; an array or a dictionary that is copied, or searched
    /// by building another one, in each turn of a loop shows here. With many topologies the machines stay as many: each
    /// topology looks at all machines once.
    @Test(arguments: [1, 10, 100]) func aRoundsWorkGrowsWithTheCluster(topologies: Int) throws {
        func report(_ times: Int) throws -> SchedulingReport {
            let isMany = topologies == 100
            let shape = ClusterShape(
                supervisors: isMany ? 20 : 20 * times, slots: isMany ? 100 : 12,
                topologies: topologies == 1 ? 1 : topologies * times, workers: 200 * times, executors: 1_000 * times)
            return try SchedulingMeasurement(shape: shape, rounds: 1).run()
        }
        // What is made once in a process is made here.
        _ = try report(1)
        let (small, large) = (try report(1), try report(8))
        for (name, step) in [
            ("first", \SchedulingReport.first), ("unchanged", \.unchanged), ("lost supervisor", \.lostSupervisor),
            ("rebalance", \.rebalance),
        ] {
            let (before, after) = (small[keyPath: step].allocatedBytes, large[keyPath: step].allocatedBytes)
            #expect(after <= before * 11, "\(name): \(before) bytes, then \(after)")
        }
        // In a build with a sanitizer nothing is counted.
        #expect(large.first.allocatedBytes == 0 || large.first.allocatedBytes > 100_000)
    }

    @Test func everyExecutorOfAShapeIsCounted() {
        for executors in [10, 45, 99, 1_000] {
            let shape = ClusterShape(supervisors: 4, slots: 4, topologies: 3, workers: 9, executors: executors)
            let bases = shape.bases()
            #expect(bases.reduce(0) { $0 + $1.componentExecutors.values.reduce(0, +) } == executors)
            #expect(bases.reduce(0) { $0 + $1.workers } == 9)
        }
    }

    /// With the store in memory: nimbus, machines and workers of a small cluster, from the first schedule to the loss of a
    /// machine.
    @Test(.timeLimit(.minutes(1))) func aControlRunGoesThroughAllItsSteps() async throws {
        let report = try await ControlMeasurement(
            shape: Self.small, kind: .memory, windowSeconds: 0.2, intervalSeconds: 60, sessions: 2
        ).run()
        #expect(report.steady.writesPerSecond < Double(WriteBudget.totalPerSecond))
        #expect(report.lostWorker.writes == 1)
        let lostSupervisor = try #require(report.lostSupervisor)
        #expect((lostSupervisor.seconds ?? 0) > 0 && lostSupervisor.writes >= 3)
        #expect(report.steady.paceSeconds == nil && report.nimbusResidentBytes > 0)
        let data = try JSONEncoder().encode(report)
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        for key in ["first_schedule_secs", "nimbus_restart_secs", "steady", "lost_worker", "shape", "store"] {
            #expect(object[key] != nil, "\(key)")
        }
    }

    @Test(arguments: [
        ["scheduling", "--workers", "0"], ["scheduling", "--rounds", "0"],
        ["scheduling", "--supervisors", "1", "--slots", "1", "--workers", "2"],
        ["control", "--executors", "3", "--workers", "4"], ["control", "--seconds", "0"],
        ["control", "--store", "disk"],
    ])
    func impossibleShapesAreRefused(arguments: [String]) {
        #expect(throws: (any Error).self) { _ = try StormPerf.parseAsRoot(arguments) }
    }
}

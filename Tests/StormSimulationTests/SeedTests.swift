import Glibc
import StormProcess
import StormSimulation
import Testing

/// Whole clusters from seeds, in the program that simulates.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct SeedTests {
    /// - Returns: what it printed and how it ended.
    private func simulate(_ arguments: [String]) async throws -> (text: String, exit: ProcessExit) {
        var path = [CChar](repeating: 0, count: 4096)
        let length = readlink("/proc/self/exe", &path, path.count - 1)
        try #require(length > 0)
        let folder = path[..<length].split(separator: CChar(UInt8(ascii: "/"))).dropLast()
            .map { String(decoding: $0.map { UInt8(bitPattern: $0) }, as: UTF8.self) }.joined(separator: "/")
        var specification = ProcessSpecification(executable: "/\(folder)/storm-sim", arguments: arguments)
        specification.standardOutput = .capture(lastBytesMax: 1 << 20)
        specification.standardError = .capture(lastBytesMax: 1 << 16)
        specification.whenParentEnds = .killed
        let child = try await ChildProcess.spawn(specification)
        let exit = try await child.waitForExit()
        return (child.capturedOutput.text + child.capturedErrors.text, exit)
    }

    @Test func clusterWithoutFaultsLosesNothingAndEndsClean() async throws {
        let (text, exit) = try await simulate(["--seed", "1", "--seeds", "20", "--faults", "none"])
        #expect(exit.isSuccess, "\(text)")
    }

    @Test func everyRuleHoldsUnderAllFaults() async throws {
        let (text, exit) = try await simulate(["--seed", "1000", "--seeds", "200", "--jobs", "2"])
        #expect(exit.isSuccess, "\(text)")
        let faults = text.split(separator: "\n").first { $0.hasPrefix("faults: ") } ?? ""
        for fault in Faults.names { #expect(faults.contains(" \(fault) "), "no \(fault) happened: \(text)") }
        let frames = text.split(separator: "\n").first { $0.contains("frames: ") } ?? ""
        for trick in ["duplicate", "reorder", "truncate"] {
            #expect(frames.contains("\(trick) "), "no \(trick) was played: \(text)")
        }
        #expect(!text.contains("dead letters: 0"))
        #expect(text.contains("topologies killed: ") && !text.contains("topologies killed: 0"), "\(text)")
    }

    /// Each of these found a bug once; the tests of the bugs themselves name them.
    @Test(arguments: [
        287, 985, 1012, 1018, 1044, 1093, 1116, 2027, 104_552, 104_556, 121_442, 122_803, 123_086, 300_030, 503_052,
        504_431, 504_948, 701_721, 1_008_445, 4_006_045,
    ])
    func seedThatFailedOnceHolds(seed: Int) async throws {
        let (text, exit) = try await simulate(["--seed", "\(seed)"])
        #expect(exit.isSuccess, "\(text)")
    }

    @Test func sameSeedIsTheSameRun() async throws {
        let first = try await simulate(["--seed", "7", "--seeds", "5", "--each", "--log", "info", "--keep-going"])
        let again = try await simulate(["--seed", "7", "--seeds", "5", "--each", "--log", "info", "--keep-going"])
        let lines = first.text.split(separator: "\n").filter { $0.hasPrefix("seed ") }
        #expect(lines.count >= 5 && lines == again.text.split(separator: "\n").filter { $0.hasPrefix("seed ") })
    }

    /// Every rule is proven able to fail.
    @Test(arguments: Plant.allCases)
    func plantedBugIsFoundWithItsSeedAndTrace(plant: Plant) async throws {
        let (text, exit) = try await simulate(["--seed", "3", "--faults", "none", "--plant", plant.rawValue])
        #expect(exit == .exited(code: 1))
        #expect(text.contains("seed 3 FAILED: \(plant.rule)") && text.contains("VIOLATION \(plant.rule)"), "\(text)")
    }

    @Test func unknownFaultIsRefused() async throws {
        let (text, exit) = try await simulate(["--faults", "earthquake"])
        #expect(!exit.isSuccess && text.contains("no fault 'earthquake'"), "\(text)")
    }
}

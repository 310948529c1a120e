import Testing

@testable import StormFlux

@Suite struct LimitTests {
    @Test(arguments: [
        "a: &a [x]\n? [*a]\n: b", "a: &a [x]\n[*a, *a]: b", "a: &a [x]\n*a : b", "a: &a [x]\nb: {? *a : c}",
        "a: &a {x: y}\n{*a, z: 1} : b",
    ])
    func collectionsAsKeysAreRefusedAmongAliases(text: String) { #expect(AliasGuard.refusedLine(text) == 2) }

    @Test(arguments: [
        "a: [x]\n? [b]\n: c", "a: &a [x]\nb: *a\nc: [*a, *a]\nd: {e: *a}", "a: &a x\nb: really? 2 * 3\nc: *a",
    ])
    func otherTextsAreNot(text: String) { #expect(AliasGuard.refusedLine(text) == nil) }

    private func faults(_ files: [String: String]) -> [String] {
        do throws(FluxFaults) {
            _ = try FluxFixtures.load(files)
            return []
        } catch {
            return error.faults.map(\.description)
        }
    }

    @Test func includesHaveADepth() {
        var files = ["topology.yaml": FluxFixtures.whole + "includes: [{file: 0.yaml}]\n"]
        for number in 0..<20 { files["\(number).yaml"] = "includes: [{file: \(number + 1).yaml}]\n" }
        #expect(
            faults(files) == ["14.yaml:1: includes[0]: more than 64 files, or 16 levels, of includes"])
    }

    @Test func includesHaveANumber() {
        let one = (0..<100).map { "  - {file: \($0).yaml}\n" }.joined()
        var files = ["topology.yaml": FluxFixtures.whole + "includes:\n" + one]
        for number in 0..<100 { files["\(number).yaml"] = "config: {a: 1}\n" }
        let found = faults(files)
        #expect(found.count == 37)
        #expect(found.allSatisfy { $0.hasSuffix("more than 64 files, or 16 levels, of includes") })
    }

    @Test func longFilesAreRefused() {
        let text = FluxFixtures.whole + "#" + String(repeating: "x", count: FluxYAML.bytesMax)
        #expect(FluxFixtures.faults(text) == ["topology.yaml:1: the file is longer than 1048576 bytes"])
    }
}

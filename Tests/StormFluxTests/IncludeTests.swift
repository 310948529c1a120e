import StormCore
import Testing

@testable import StormFlux

@Suite struct IncludeTests {
    private let base = """
        name: base
        config: {topology.workers: 1, shared: base}

        """ + FluxFixtures.spouts + FluxFixtures.bolts + FluxFixtures.streams

    @Test func whatIsThereStaysAndTheRestIsAdded() throws {
        let topology = try FluxFixtures.load([
            "topology.yaml": "name: own\nconfig: {shared: own}\nincludes: [{file: base.yaml}]\n", "base.yaml": base,
        ])
        #expect(topology.name == "own")
        #expect(topology.configuration == ["topology.workers": 1, "shared": "own"])
        #expect(topology.spouts.map(\.id) == ["lines"])
        #expect(topology.streams.count == 1)
    }

    @Test func withOverrideTheIncludedFileWins() throws {
        let own = "name: own\nconfig: {shared: own}\nincludes: [{file: base.yaml, override: true}]\n"
        let topology = try FluxFixtures.load(["topology.yaml": own, "base.yaml": base])
        #expect(topology.name == "base")
        #expect(topology.configuration == ["topology.workers": 1, "shared": "base"])
    }

    @Test func streamsAreAlwaysAdded() throws {
        let own =
            FluxFixtures.streams.replacing("SHUFFLE", with: "ALL")
            + "includes: [{file: base.yaml}]\n"
        let topology = try FluxFixtures.load(["topology.yaml": own, "base.yaml": base])
        #expect(topology.streams.map(\.grouping.kind) == [.all, .shuffle])
    }

    @Test func aFileMayUseTheComponentsOfWhatItIncludes() throws {
        let own = """
            name: own
            includes: [{file: base.yaml}]
            components: [{id: b, className: x, constructorArgs: [{ref: a}]}]
            """
        let topology = try FluxFixtures.load([
            "topology.yaml": own, "base.yaml": base + "components: [{id: a, className: x}]\n",
        ])
        #expect(topology.document.components.map(\.id) == ["a", "b"])
    }

    @Test func filesAreFoundBesideTheOneThatIncludesThem() throws {
        let topology = try FluxFixtures.load(
            ["deep/topology.yaml": "includes: [{file: base.yaml}]\n", "deep/base.yaml": base], "deep/topology.yaml")
        #expect(topology.name == "base")
    }

    @Test func resourcesComeFromTheArchive() throws {
        let topology = try FluxFixtures.load([
            "topology.yaml": "includes: [{file: base.yaml, resource: true}]\n", "resource:base.yaml": base,
        ])
        #expect(topology.name == "base")
    }

    @Test func includesMayIncludeAndPlaceholdersAreReplacedEverywhere() throws {
        let topology = try FluxFixtures.load(
            [
                "topology.yaml": "includes: [{file: middle.yaml}]\n", "middle.yaml": "includes: [{file: base.yaml}]\n",
                "base.yaml": base.replacing("name: base", with: "name: ${n}"),
            ], substitution: FluxSubstitution(properties: JavaProperties("n=deep")))
        #expect(topology.name == "deep")
    }

    private func faults(_ files: [String: String]) -> [String] {
        do throws(FluxFaults) {
            _ = try FluxFixtures.load(files)
            return []
        } catch {
            return error.faults.map(\.description)
        }
    }

    @Test func circlesAreRefused() {
        let found = faults([
            "topology.yaml": FluxFixtures.whole + "includes: [{file: a.yaml}]\n",
            "a.yaml": "includes: [{file: topology.yaml}]\n",
        ])
        #expect(
            found == [
                "a.yaml:1: includes[0]: includes go in a circle: topology.yaml -> a.yaml -> topology.yaml"
            ])
    }

    @Test func aMissingFileIsNamedWhereItIsIncluded() {
        let found = faults(["topology.yaml": FluxFixtures.whole + "includes:\n  - file: gone.yaml\n"])
        #expect(found.count == 1)
        #expect(found.first?.hasSuffix("includes[0].file: gone.yaml: No such file") == true)
        #expect(faults([:]) == ["topology.yaml: No such file"])
    }

    @Test func faultsOfIncludedFilesNameThem() {
        let found = faults([
            "topology.yaml": FluxFixtures.whole + "includes: [{file: a.yaml}]\n", "a.yaml": "\nconfg: {}\n",
        ])
        #expect(found == ["a.yaml:2: confg: unknown key; did you mean config?"])
    }
}

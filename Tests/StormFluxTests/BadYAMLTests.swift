import FoundationEssentials
import Testing

@testable import StormFlux

/// `Tests/Corpus/flux`: each file begins with what must be found in it, a fault per line after `#! `, in this order and no
/// other.
@Suite struct BadYAMLTests {
    static let folder = "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/") + "/Corpus/flux"
    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()

    @Test func theCorpusIsThere() { #expect(Self.names.count >= 25) }

    @Test(arguments: names)
    func everyFaultIsNamedWithItsPlaceAndItsKey(name: String) throws {
        let text = String(decoding: try Data(contentsOf: URL(filePath: "\(Self.folder)/\(name)")), as: UTF8.self)
        let expected = text.split(separator: "\n").filter { $0.hasPrefix("#! ") }.map { $0.dropFirst(3) }
        let found = FluxFixtures.faults(text)
        #expect(found.count == expected.count, "\(found)")
        for (fault, part) in zip(found, expected) {
            #expect(fault.contains(part), "\(fault)")
            #expect(fault.hasPrefix("topology.yaml:"), "\(fault)")
        }
    }
}

import Foundation
import StormCore
import Testing

@Suite struct ConfigValueTests {
    static let samples: [ConfigValue] = [
        nil, true, false, 0, 1, -7, .int(.max), .int(.min), 1.5, -0.25, 1e300, "", "text", "ünï \"q\" \\ \n\t\u{1}", [],
        [1, "a", nil, [true]], [:], ["a": 1, "b": ["c": [nil, 2.5]]],
    ]

    @Test(arguments: samples)
    func survivesARoundTripThroughJSON(value: ConfigValue) throws {
        let data = try JSONEncoder().encode(["v": value])
        #expect(try JSONDecoder().decode([String: ConfigValue].self, from: data) == ["v": value])
    }

    @Test(arguments: samples)
    func printsAsJSONThatReadsBackTheSame(value: ConfigValue) throws {
        let data = Data("[\(value)]".utf8)
        #expect(try JSONDecoder().decode([ConfigValue].self, from: data) == [value])
    }

    @Test func mapKeysArePrintedInOrder() {
        #expect(ConfigValue.map(["b": 1, "a": 2, "c": 3]).description == #"{"a": 2, "b": 1, "c": 3}"#)
    }
}

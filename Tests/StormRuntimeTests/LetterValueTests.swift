import FoundationEssentials
import StormCore
import StormRuntime
import StormWire
import Testing

@Suite struct LetterValueTests {
    static let scalars: [Value] = [
        .null, .bool(true), .int(0), .int(.max), .int(.min), .double(1.5), .double(1), .double(-0.0), .double(1e300),
        .double(.leastNonzeroMagnitude), .double(.infinity), .string(""), .string("ü\u{0}\n"), .bytes([]),
        .bytes([0, 1, 255]), .bigInteger("18446744073709551616"), .bigInteger("-9223372036854775809"),
    ]
    static let containers: [Value] = [
        .list([]), .list([.int(1), .double(2), .list([.null])]), .map([:]),
        .map(["a": .int(1), "b": .map(["c": .bytes([7])])]), .map(["$bytes": .string("AA==")]),
        .map(["$double": .int(1)]), .map(["$int": .string("7")]), .list([.bigInteger("9223372036854775808")]),
        .map(["$map": .map(["$map": .string("x")])]),
        .map(["$bytes": .int(1), "b": .int(2)]),
    ]
    static let broken: [ConfigValue] = [
        .map(["$bytes": .int(1)]), .map(["$bytes": .string("%")]), .map(["$double": .string("x")]),
        .map(["$int": .int(1)]), .map(["$int": .string("1.5")]), .map(["$int": .string("")]),
        .map(["$map": .list([])]), .list([.map(["$map": .int(1)])]),
    ]

    @Test(arguments: scalars + containers)
    func everyValueComesBackThroughJSON(value: Value) throws {
        let encoded = try JSONEncoder().encode([LetterValue.json(value)])
        let decoded = try JSONDecoder().decode([ConfigValue].self, from: encoded)
        #expect(LetterValue.value(decoded[0]) == value)
    }

    @Test func notANumberComesBackAsSuch() {
        guard case .double(let number)? = LetterValue.value(LetterValue.json(.double(.nan))) else {
            Issue.record("not a double")
            return
        }
        #expect(number.isNaN)
    }

    @Test(arguments: broken)
    func whatIsNotAsItShouldBeIsRefused(json: ConfigValue) { #expect(LetterValue.value(json) == nil) }

    @Test func whatIsTooDeepForATupleIsRefused() {
        var json: ConfigValue = 1
        for _ in 0..<Value.maxDepth { json = .list([json]) }
        #expect(LetterValue.value(json) != nil)
        #expect(LetterValue.value(.list([json])) == nil)
    }
}

import StormCore
import Testing

@Suite struct ConfigTableTests {
    /// Keys whose default differs from Storm's, with the default here. Empty: none does.
    static let differences: [String: ConfigValue] = [:]

    struct Fact: Sendable, CustomStringConvertible {
        let key: String
        let type: String
        let defaultText: String
        var description: String { key }
    }

    static let facts: [Fact] = stormDefaults.split(separator: "\n").map { line in
        let parts = line.split(separator: " ", maxSplits: 2)
        return Fact(key: String(parts[0]), type: String(parts[1]), defaultText: String(parts[2]))
    }

    @Test func everyKeyOfStormHasARowWithStormsTypeAndDefault() {
        #expect(Self.facts.count > 350)
        for fact in Self.facts {
            guard let row = ConfigKeys.byName[fact.key] else {
                Issue.record("\(fact.key) is missing")
                continue
            }
            #expect(row.type.rawValue == fact.type, "\(fact.key)")
            var printed = row.defaultValue.isNull ? "nil" : row.defaultValue.description
            if row.type == .stringOrList, case .list(let items) = row.defaultValue { printed = items[0].description }
            if let difference = Self.differences[fact.key] {
                #expect(row.defaultValue == difference)
            } else {
                #expect(printed == fact.defaultText.filter { $0 != "_" } || printed == fact.defaultText, "\(fact.key)")
            }
        }
    }

    @Test func everyDefaultPassesItsOwnCheckAndIsInNormalForm() {
        for row in ConfigKeys.all { #expect(row.accepted(row.defaultValue) == row.defaultValue, "\(row.name)") }
    }

    @Test func everyRowHasOneLineOfDocumentation() {
        for row in ConfigKeys.all {
            #expect(!row.documentation.isEmpty && !row.documentation.contains("\n"), "\(row.name)")
        }
    }

    @Test func everyTypedNameHasItsRow() {
        #expect(typedNames.count > 100)
        #expect(Set(typedNames).count == typedNames.count)
        let used = ConfigKeys.all.filter { $0.standing == .used }.map(\.name)
        #expect(Set(used) == Set(typedNames))
    }

    @Test func keysOfOurOwnAreFewAndSaySo() {
        let known = Set(Self.facts.map(\.key))
        let own = ConfigKeys.all.filter { !known.contains($0.name) }
        #expect(own.count <= 40)
        for row in own { #expect(row.documentation.hasSuffix("(own key)"), "\(row.name)") }
    }

    @Test func namesWithUnitsInThemHaveThatUnit() {
        for row in ConfigKeys.all where row.standing == .used && (row.type == .int || row.type == .number) {
            if row.name.hasSuffix(".secs") { #expect(row.unit == .seconds, "\(row.name)") }
            if row.name.hasSuffix(".ms") || row.name.hasSuffix(".millis") {
                #expect(row.unit == .milliseconds, "\(row.name)")
            }
            if row.name.hasSuffix(".mb") { #expect(row.unit == .megabytes, "\(row.name)") }
        }
    }

    @Test func secretsAreThePayloadsAndPasswords() {
        let secrets = ConfigKeys.all.filter(\.isSecret).map(\.name)
        #expect(secrets.contains("storm.zookeeper.auth.payload"))
        #expect(secrets.contains("storm.zookeeper.topology.auth.payload"))
        #expect(secrets.contains("storm.zookeeper.ssl.keystore.password"))
        #expect(!secrets.contains("storm.zookeeper.auth.scheme"))
    }
}

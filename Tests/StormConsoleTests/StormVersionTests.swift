import Testing

@testable import StormConsole

/// What `storm version` says, which some clients compare.
@Suite struct StormVersionTests {
    private let own = StormVersion.current

    @Test func threeLinesAsStormHasThem() {
        #expect(
            own.lines() == [
                "Storm \(own.version)", "Branch \(own.branch)", "From source with checksum \(own.checksum)",
            ])
    }

    @Test func theFirstLineNamesTheVersionThatTheProjectOfTheFolderIsMadeFor() {
        let project = """
            (defproject counting "0.0.1-SNAPSHOT"
              :dependencies  [[org.apache.storm/storm-core "1.2.3"]
                              [org.apache.storm/flux-core "1.1.0"]])
            """
        let lines = own.lines(project: project)
        #expect(lines.count == 3 && lines[0].hasPrefix("Storm 1.2.3 ("))
        #expect(lines[0].contains("own version is \(own.version)"))
    }

    @Test(arguments: [
        "", "(defproject x \"1.0\")", "[org.apache.storm/storm-core \"", "[org.apache.storm/storm-core \"${v}\"]",
    ])
    func aProjectWithoutSuchAVersionChangesNothing(_ project: String) {
        #expect(own.lines(project: project) == own.lines())
    }
}

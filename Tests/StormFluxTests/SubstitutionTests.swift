import Testing

@testable import StormFlux

@Suite struct SubstitutionTests {
    private func apply(_ text: String, _ properties: String?, _ environment: [String: String]? = nil) -> String {
        FluxSubstitution(properties: properties.map { JavaProperties($0) }, environment: environment)
            .apply(text, file: "t.yaml").text
    }

    @Test func everyPlaceholderOfALineIsReplaced() {
        #expect(apply("a: ${x}-${y}\nb: ${x}", "x=1\ny=2") == "a: 1-2\nb: 1")
    }

    @Test func elementsOfListsAreTakenByNumber() {
        #expect(apply("${hosts[0]} ${hosts[1]}", "hosts=[\"a\", 'b']") == "a b")
    }

    @Test func theEnvironmentIsReplacedOnlyWhenAskedFor() {
        #expect(apply("${ENV-HOME}", nil, ["HOME": "/root"]) == "/root")
        #expect(apply("${ENV-HOME}", nil) == "${ENV-HOME}")
    }

    @Test func whatIsUnknownStaysAndIsTold() {
        let substitution = FluxSubstitution(properties: JavaProperties("list=[a]"), environment: [:])
        let (text, notices) = substitution.apply("a: ${x}\nb: ${list[1]}\nc: ${ENV-Y}\nd: ${open", file: "t.yaml")
        #expect(text == "a: ${x}\nb: ${list[1]}\nc: ${ENV-Y}\nd: ${open")
        #expect(
            notices.map(\.description) == [
                "t.yaml:1: ${x} is left as it is: the properties have no such key",
                "t.yaml:2: ${list[1]} is left as it is: the list has 1 elements, counted from 0",
                "t.yaml:3: ${ENV-Y} is left as it is: there is no environment variable Y",
            ])
    }

    @Test func commentsAreLeftAlone() {
        let (text, notices) = FluxSubstitution().apply("  # ${x}\n", file: "t.yaml")
        #expect(text == "  # ${x}\n")
        #expect(notices.isEmpty)
    }

    @Test func aValueIsNotLookedIntoAgain() { #expect(apply("${a}", "a=${b}\nb=1") == "${b}") }

    @Test func propertiesAreThoseOfJava() {
        let properties = JavaProperties(
            """
            # comment
            ! comment
            a=1
              b : two words
            c   3
            d=one \\
                two
            e\\=f=g\\u0041\\t.
            empty=
            a=4
            """)
        #expect(
            properties.values == [
                "a": "4", "b": "two words", "c": "3", "d": "one two", "e=f": "gA\t.", "empty": "",
            ])
    }
}

import StormCore
import Testing

@Suite struct LoopbackNameTests {
    @Test(arguments: ["localhost", "127.0.0.1", "127.1.2.3", "::1"])
    func namesOfThisMachineAlone(name: String) {
        #expect(LoopbackName.includes(name))
    }

    @Test(arguments: ["worker-1", "10.0.0.1", "0.0.0.0", "localhost.example.org", "127.example.org", ""])
    func namesThatOthersUse(name: String) { #expect(!LoopbackName.includes(name)) }
}

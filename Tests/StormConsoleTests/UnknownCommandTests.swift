import StormConsole
import Testing

@Suite struct UnknownCommandTests {
    private func message(_ typed: String) -> String {
        UnknownCommand.failure(typed, known: ["list", "kill", "activate", "deactivate"]).message
    }

    @Test func theNearestCommandIsNamed() {
        #expect(message("lst").contains("did you mean \"list\"?"))
        #expect(message("activte").contains("did you mean \"activate\"?"))
        #expect(!message("frobnicate").contains("did you mean"))
    }

    @Test func aCommandThatCannotExistSaysWhatToUseInstead() {
        for (name, advice) in UnknownCommand.retired { #expect(message(name).contains(advice)) }
        #expect(UnknownCommand.failure("sql", known: []).exitCode == 2)
        #expect(UnknownCommand.blobstoreFailure("set-acl")?.exitCode == 2)
        #expect(UnknownCommand.blobstoreFailure("list") == nil)
    }
}

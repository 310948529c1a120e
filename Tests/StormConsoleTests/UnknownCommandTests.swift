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
        let refusal = UnknownCommand.failure(of: "blobstore", ["set-acl", "k"], known: ["list"])
        #expect(refusal?.exitCode == 2 && refusal?.message.contains("access lists are not kept") == true)
    }

    @Test func aCommandOfAGroupHasToBeNamedAndThere() {
        func failure(_ rest: [String]) -> CommandFailure? {
            UnknownCommand.failure(of: "zk", rest, known: ["ls", "get", "watch"])
        }
        #expect(failure([])?.message == "say what to do: ls, get, watch; storm help zk explains them")
        #expect(
            failure(["wach", "/"])?.message == #"there is no "zk wach"; did you mean "watch"? storm help zk shows all"#)
        #expect(failure(["--config", "f", "-c", "a=1", "frob"])?.exitCode == 2)
        #expect(failure(["--config=f", "-c", "a=1", "get"]) == nil)
        #expect(failure(["--help"]) == nil && failure(["ls"]) == nil)
    }

    @Test func anOptionOfStormsWithoutMeaningSaysWhatToUseInstead() {
        for (command, options) in UnknownOption.retired {
            for (option, advice) in options {
                let failure = UnknownOption.failure([command, "-c", "a=1", option, "x"])
                #expect(failure?.message == "\(option) does not exist here: \(advice)")
                #expect(failure?.exitCode == 2)
            }
        }
        #expect(UnknownOption.failure(["jar", "--jars=a.jar", "bin/wc", "wc"]) != nil)
        #expect(UnknownOption.failure(["jar", "--", "--jars"]) == nil)
        #expect(UnknownOption.failure(["list", "--jars"]) == nil && UnknownOption.failure([]) == nil)
    }
}

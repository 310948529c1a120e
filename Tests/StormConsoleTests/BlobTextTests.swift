import StormConsole
import StormThrift
import Testing

@Suite struct BlobTextTests {
    @Test(arguments: [
        ("u:alice:rwa", "u:alice:rwa"), ("alice:r", "u:alice:r--"), ("r-", "o::r--"), ("other::wa", "o::-wa"),
        ("o::---", "o::---"),
    ])
    func anAccessListIsReadInAllItsForms(text: String, printed: String) throws {
        #expect(try BlobAccess.parse(text).map(BlobAccess.text) == [printed])
    }

    @Test func entriesAreSeparatedByCommas() throws {
        #expect(try BlobAccess.parse("u:a:r,o::w").count == 2)
        #expect(try BlobAccess.parse("").isEmpty)
    }

    @Test(arguments: ["u:a:x", "x:a:r", "u:a:b:r"])
    func whatCannotBeReadIsNamed(text: String) {
        let failure = #expect(throws: CommandFailure.self) { try BlobAccess.parse(text) }
        #expect(failure?.message.contains("\"\(text)\"") == true && failure?.exitCode == 2)
    }

    @Test func credentialsOfTheCommandLineWinOverTheFile() throws {
        let all = try CredentialList.parse(pairs: ["a", "1"], properties: "# remark\n\na = 0\nb: x=y\n!no\n")
        #expect(all == ["a": "1", "b": "x=y"])
        #expect(throws: CommandFailure.self) { try CredentialList.parse(pairs: ["a"], properties: "") }
        let failure = #expect(throws: CommandFailure.self) { try CredentialList.parse(pairs: [], properties: "\nxy") }
        #expect(failure?.message == "line 2 of the file is not key=value")
    }
}
